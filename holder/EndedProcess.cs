namespace Sessiond.Holder;

/// <summary>A process that a termination ended, or could not.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Command">Its command line.</param>
/// <param name="Signal">Number of the last signal it was sent.</param>
public sealed record EndedProcess(int Pid, string Command, int Signal);
