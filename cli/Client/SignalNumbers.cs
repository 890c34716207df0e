namespace Sessiond.Cli.Client;

/// <summary>Numbers of the signals that end programs, signal(7); equal on x86-64 and arm64.</summary>
internal static class SignalNumbers
{
    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The exit code that stands for an end by <paramref name="signal"/>, such as <c>SIGKILL</c>: 128+n.</summary>
    public static int ExitCodeOf(string signal)
    {
        ReadOnlySpan<char> name = signal.StartsWith("SIG", StringComparison.Ordinal) ? signal.AsSpan(3) : signal;
        for (int number = 1; number < Names.Length; number++)
        {
            if (name.SequenceEqual(Names[number])) return ExitCode.SignalOffset + number;
        }

        // Real-time signals: SIGRTMIN is 34 for programs of glibc and 35 for those of musl; the server's form is SIGRTn or the number.
        return int.TryParse(name.StartsWith("RT") ? name[2..] : name, out int plain) && plain is > 0 and <= 64
            ? ExitCode.SignalOffset + plain
            : ExitCode.SignalOffset;
    }
}
