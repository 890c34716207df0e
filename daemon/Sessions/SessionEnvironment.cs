using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Sessions;

/// <summary>Builds the environment of a session's program: the daemon's own without what was meant for the daemon, the user's, the spec's.</summary>
internal static class SessionEnvironment
{
    private const string DefaultTerm = "xterm-256color";

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Meant for the daemon, or about the terminal that the daemon was started in: not for a program on a terminal of its own.</summary>
    private static readonly HashSet<string> NotInherited =
    [
        "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "INVOCATION_ID", "JOURNAL_STREAM",
        "MEMORY_PRESSURE_WATCH", "MEMORY_PRESSURE_WRITE", "COLUMNS", "LINES", "TERMCAP", "TERMINFO", "TERM_PROGRAM", "TERM_PROGRAM_VERSION",
        "TMUX", "TMUX_PANE", "STY", "WINDOW", "WINDOWID", "VTE_VERSION", "OLDPWD", "PWD", "SHLVL", "_",
    ];

    private static readonly string[] TerminfoFolders = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"];

    internal static Dictionary<string, string> Build(
        IReadOnlyDictionary<string, string> inherited, UserIdentity user, string shell, string term, int? port,
        IEnumerable<EnvEntry> entries, string workspace)
    {
        var environment = new Dictionary<string, string>();
        foreach ((string name, string value) in inherited)
        {
            if (!NotInherited.Contains(name) && !name.StartsWith("SESSIOND_", StringComparison.Ordinal)) environment[name] = value;
        }

        environment.TryAdd("PATH", DefaultPath);
        environment["HOME"] = user.Home;
        environment["USER"] = user.Name;
        environment["LOGNAME"] = user.Name;
        environment["SHELL"] = shell;
        environment["TERM"] = IsKnown(term) ? term : DefaultTerm;
        environment["COLORTERM"] = "truecolor";
        if (port is { } number) environment["PORT"] = number.ToString();
        var expansion = new Expansion(workspace, port, name => environment.GetValueOrDefault(name));
        foreach (EnvEntry entry in entries) Apply(entry, environment, expansion);
        return environment;
    }

    private static void Apply(EnvEntry entry, Dictionary<string, string> environment, Expansion expansion)
    {
        if (entry.Unset)
        {
            environment.Remove(entry.Name);
            return;
        }

        if (entry.Value is { } value) environment[entry.Name] = expansion.Expand(value);
        if (entry.Prepend.Count == 0 && entry.Append.Count == 0) return;
        string present = environment.GetValueOrDefault(entry.Name, "");
        IEnumerable<string> parts =
        [
            .. entry.Prepend.Select(expansion.Expand), .. present.Length == 0 ? Array.Empty<string>() : [present], .. entry.Append.Select(expansion.Expand),
        ];
        environment[entry.Name] = string.Join(':', parts);
    }

    /// <summary>True when a terminfo entry of this name is installed, term(5): first letter, or its hex, is the folder.</summary>
    private static bool IsKnown(string term)
    {
        if (term.Length == 0 || term.Contains('/')) return false;
        return TerminfoFolders.Any(folder =>
            File.Exists($"{folder}/{term[0]}/{term}") || File.Exists($"{folder}/{(int)term[0]:x}/{term}"));
    }
}
