namespace Sessiond.Pty;

/// <summary>How a process ended, waitid(2).</summary>
/// <param name="Code">Exit status; null when a signal ended it.</param>
/// <param name="Signal">Number of the terminating signal; null when it exited.</param>
public readonly record struct ExitStatus(int? Code, int? Signal)
{
    /// <summary>The number that a shell would give: the exit status, or 128 + n after signal n.</summary>
    public int ShellCode => Code ?? 128 + Signal.GetValueOrDefault();

    /// <summary>Both as one number, for a message: the exit status, or the signal's number below zero.</summary>
    public int Number => Code ?? -Signal.GetValueOrDefault();

    /// <summary>What a <see cref="Number"/> says.</summary>
    public static ExitStatus FromNumber(int number) => number < 0 ? new ExitStatus(null, -number) : new ExitStatus(number, null);

    /// <inheritdoc/>
    public override string ToString() => Signal is { } signal ? $"ended by {SignalNames.NameOf(signal)}" : $"exited with {Code}";
}
