namespace Sessiond.Daemon.Attach;

/// <summary>Why an attach was refused.</summary>
/// <param name="Code">The close code.</param>
/// <param name="Reason">For a person.</param>
internal sealed record AttachRefusal(int Code, string Reason);
