namespace Sessiond.Pty;

/// <summary>How a process ended, waitid(2).</summary>
/// <param name="Code">Exit status; null when a signal ended it.</param>
/// <param name="Signal">Number of the terminating signal; null when it exited.</param>
public readonly record struct ExitStatus(int? Code, int? Signal)
{
    /// <summary>The number that a shell would give: the exit status, or 128 + n after signal n.</summary>
    public int ShellCode => Code ?? 128 + Signal.GetValueOrDefault();

    /// <inheritdoc/>
    public override string ToString() => Signal is { } signal ? $"ended by {SignalNames.NameOf(signal)}" : $"exited with {Code}";
}
