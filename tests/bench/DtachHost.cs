namespace Sessiond.Bench;

/// <summary>dtach: one process and one socket per session, no screen.</summary>
internal sealed class DtachHost : IHost
{
    private const int AttachMilliseconds = 100;

    private readonly Launcher _launcher;
    private readonly HashSet<string> _sessions = [];

    internal DtachHost(Launcher launcher) => _launcher = launcher;

    public Column Column => Column.Dtach;

    public bool KeepsScreen => false;

    public void Start(string session, params string[] argv)
    {
        _launcher.Run(["dtach", "-n", SocketOf(session), .. Noted(session, argv)]);
    }

    public IWatcher Attach(string session)
    {
        PtyWatcher watcher = _launcher.Launch("dtach", "-a", SocketOf(session), "-r", "none");
        // It clears the screen, then tells the master that it is there; nothing says when the master knows.
        watcher.Read();
        Thread.Sleep(AttachMilliseconds);
        return watcher;
    }

    /// <summary>Makes a session and attaches, in one process.</summary>
    internal PtyWatcher Create(string session, params string[] argv) =>
        _launcher.Launch(["dtach", "-c", SocketOf(session), .. Noted(session, argv)]);

    public void End(string session)
    {
        _sessions.Remove(session);
        string file = SocketOf(session) + ".pid";
        // Its end hangs up the pty.
        using PtyWatcher kill = _launcher.Launch("sh", "-c", $"kill $(cat {file})");
        kill.ReadToEnd();
        File.Delete(file);
        File.Delete(SocketOf(session));
    }

    public double CpuSeconds() => double.NaN;

    public void Dispose()
    {
        foreach (string session in (string[])[.. _sessions]) End(session);
    }

    /// <summary>The program writes dtach's pid beside its socket, which is how it is found again.</summary>
    private string[] Noted(string session, string[] argv)
    {
        _sessions.Add(session);
        return ["sh", "-c", $"echo $PPID > {SocketOf(session)}.pid; exec \"$@\"", "sh", .. argv];
    }

    private string SocketOf(string session) => Path.Combine(_launcher.Folder, $"dtach-{session}");
}
