namespace Sessiond.Hooks.AutoCommit;

/// <summary>Git failed; the message is in its own words.</summary>
internal sealed class GitException(string message) : Exception(message);
