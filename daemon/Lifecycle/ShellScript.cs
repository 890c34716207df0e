using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Scripts around the commands of <c>before</c> and <c>init</c>.</summary>
internal static class ShellScript
{
    /// <summary>Shells that understand the scripts below.</summary>
    private static readonly HashSet<string> PosixShells = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash"];

    /// <summary>Of these an interactive one reads the startup file in which version managers put their functions.</summary>
    private static readonly HashSet<string> WithStartupFiles = ["bash", "zsh"];

    /// <summary>
    /// Runs commands as the session's own shell would when they are typed, and leaves the environment that they made in a file, for what comes after them:
    /// <c>nvm use</c> is a function of an interactive shell, and all it does is to change PATH.
    /// </summary>
    /// <param name="commands">One, or several that run side by side, which change no environment.</param>
    /// <param name="shell">The session's shell.</param>
    /// <param name="isLogin">Whether it is a login shell.</param>
    /// <param name="environmentFile">Takes NAME=VALUE entries, each ended by NUL; null: nowhere.</param>
    /// <param name="secrets">Variables that no file takes.</param>
    internal static IReadOnlyList<string> Argv(CommandSet commands, string shell, bool isLogin, string? environmentFile, IEnumerable<string> secrets)
    {
        string name = Path.GetFileName(shell);
        string program = PosixShells.Contains(name) ? shell : "/bin/sh";
        string flags = "-" + (isLogin ? "l" : "") + (WithStartupFiles.Contains(name) ? "i" : "") + "c";
        string text = commands.Commands.Count == 1 ? Text(commands.Commands[0].Command) : Parallel(commands);
        const string KeepEnvironment = """eval "$1"; code=$?; [ "$code" -eq 0 ] && [ -n "$2" ] && { file=$2; shift 2; env "$@" -0 >"$file"; }; exit "$code" """;
        return [program, flags, KeepEnvironment.TrimEnd(), name, text, environmentFile ?? "", .. secrets.SelectMany(variable => new[] { "-u", variable })];
    }

    private static string Text(Command command) => command.Shell ?? string.Join(' ', command.Argv!.Select(Quote));

    private static string Parallel(CommandSet commands)
    {
        string starts = string.Concat(commands.Commands.Select(command => $"(eval {Quote(Text(command.Command))}) & pids=\"$pids $!\"\n"));
        return $"pids=\n{starts}code=0\nfor pid in $pids; do wait \"$pid\" || code=$?; done\n(exit \"$code\")";
    }

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
