namespace Sessiond.Hooks.AutoCommit;

/// <summary>Git failed; the message is in its own words.</summary>
internal sealed class GitException(string message) : Exception(message)
{
    /// <summary>True for what goes wrong with git, files and descriptors: told in the status, and tried again.</summary>
    internal static bool IsFailure(Exception failure) => failure is GitException or IOException or UnauthorizedAccessException;
}
