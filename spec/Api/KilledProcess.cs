namespace Sessiond.Spec.Api;

/// <summary>A process that a terminate ended.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="Command">Its command line, or its name where the command line is gone.</param>
/// <param name="Signal">The last signal that it was sent, such as <c>SIGHUP</c>.</param>
public sealed record KilledProcess(int Pid, string Command, string Signal);
