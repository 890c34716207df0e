namespace Sessiond.Cli.Client;

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CliException : Exception
{
    public CliException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    public CliException(int exitCode, string message, Exception cause)
        : base(message, cause) => ExitCode = exitCode;

    public int ExitCode { get; }

    /// <summary>True when no server gave an answer: the same request may succeed later.</summary>
    public bool Transient { get; init; }

    /// <summary>True when nobody listens at all, so that no answer is on its way.</summary>
    public bool NobodyListens { get; init; }
}
