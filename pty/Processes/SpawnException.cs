namespace Sessiond.Pty;

/// <summary>A program could not be started: the message says which and why, for the person who named it.</summary>
public sealed class SpawnException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Such as <c>frobnicate: no such file in PATH</c>.</param>
    /// <param name="errno">The errno value behind it.</param>
    public SpawnException(string message, int errno) : base(message) => Errno = errno;

    /// <summary>The errno value.</summary>
    public int Errno { get; }
}
