namespace Sessiond.Holder;

/// <summary>A process that was stopped with its session.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="StartTicks">Its start, which tells it from a later one of the same pid.</param>
public sealed record FrozenProcess(int Pid, long StartTicks);
