namespace Sessiond.Pty;

/// <summary>Signals by name, signal(7); numbers of x86-64 and arm64.</summary>
public static class SignalNames
{
    /// <summary>SIGHUP.</summary>
    public const int HangUp = 1;

    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT.</summary>
    public const int Quit = 3;

    /// <summary>SIGUSR1.</summary>
    public const int User1 = 10;

    /// <summary>SIGUSR2.</summary>
    public const int User2 = 12;

    /// <summary>SIGALRM.</summary>
    public const int Alarm = 14;

    /// <summary>SIGCHLD.</summary>
    public const int Child = 17;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The name with its prefix, such as <c>SIGTERM</c>; a number past 31 as <c>SIG34</c>.</summary>
    public static string NameOf(int signal) => signal > 0 && signal < Names.Length ? "SIG" + Names[signal] : $"SIG{signal}";

    /// <summary>The number of a name with or without <c>SIG</c>; 0 when there is none.</summary>
    public static int NumberOf(string name)
    {
        string bare = name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        int index = Array.FindIndex(Names, candidate => candidate.Equals(bare, StringComparison.OrdinalIgnoreCase));
        return index > 0 ? index : 0;
    }
}
