using System.Globalization;

namespace Sessiond.Bench;

/// <summary>tmux with a server of its own and without a status line, which would add output of its own.</summary>
internal sealed class TmuxHost : IHost
{
    private readonly Launcher _launcher;
    private readonly string[] _tmux;
    private int? _pid;

    internal TmuxHost(Launcher launcher)
    {
        _launcher = launcher;
        string configuration = Path.Combine(launcher.Folder, "tmux.conf");
        File.WriteAllText(configuration, "set -g status off\nset -g history-limit 10000\nset -s exit-empty off\n");
        _tmux = ["tmux", "-S", Path.Combine(launcher.Folder, "tmux"), "-f", configuration];
    }

    public Column Column => Column.Tmux;

    public bool KeepsScreen => true;

    internal static string[] StartLine(string session, params string[] argv) => ["new-session", "-d", "-s", session, "-x", "80", "-y", "24", "--", .. argv];

    public void Start(string session, params string[] argv) => _launcher.Run([.. _tmux, .. StartLine(session, argv)]);

    public IWatcher Attach(string session) => Client("attach-session", "-t", $"={session}");

    /// <summary>Runs a tmux command on a pty of the harness.</summary>
    internal PtyWatcher Client(params string[] arguments) => _launcher.Launch([.. _tmux, .. arguments]);

    public void End(string session) => _launcher.Run([.. _tmux, "kill-session", "-t", $"={session}"]);

    public double CpuSeconds() => ProcessFigures.CpuSeconds(Pid());

    /// <summary>The server's.</summary>
    internal int Pid() => _pid ??= AskPid();

    /// <summary>Ends the server with all its sessions.</summary>
    internal void Stop()
    {
        _pid = null;
        using PtyWatcher watcher = Client("kill-server");
        watcher.ReadToEnd();
    }

    public void Dispose() => Stop();

    private int AskPid()
    {
        string file = Path.Combine(_launcher.Folder, "tmux.pid");
        _launcher.Run(["sh", "-c", "out=$1; shift; \"$@\" > \"$out\"", "sh", file, .. _tmux, "display-message", "-p", "#{pid}"]);
        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }
}
