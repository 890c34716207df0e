namespace Sessiond.Bench;

/// <summary>The yardstick: the harness itself owns the pty and throws away what it reads.</summary>
internal sealed class RawHost : IHost
{
    private readonly Launcher _launcher;
    private readonly Dictionary<string, PtyWatcher> _watched = [];
    private readonly Dictionary<string, (PtyWatcher Watcher, Thread Thread)> _drained = [];

    internal RawHost(Launcher launcher) => _launcher = launcher;

    public Column Column => Column.Raw;

    public bool KeepsScreen => true;

    public void Start(string session, params string[] argv)
    {
        PtyWatcher watcher = _launcher.Launch(argv);
        var thread = new Thread(() => Drain(watcher)) { IsBackground = true };
        _drained[session] = (watcher, thread);
        thread.Start();
    }

    /// <summary>Runs a program which the caller watches from its first byte on.</summary>
    internal IWatcher Open(string session, params string[] argv) => _watched[session] = _launcher.Launch(argv);

    public IWatcher Attach(string session) => _watched[session];

    public void End(string session)
    {
        if (_watched.Remove(session, out PtyWatcher? watched)) watched.Dispose();
        if (!_drained.Remove(session, out (PtyWatcher Watcher, Thread Thread) drained)) return;
        drained.Watcher.Kill();
        drained.Thread.Join();
        drained.Watcher.Dispose();
    }

    public double CpuSeconds() => ProcessFigures.CpuSeconds(Environment.ProcessId);

    public void Dispose()
    {
        foreach (string session in (string[])[.. _watched.Keys, .. _drained.Keys]) End(session);
    }

    private static void Drain(PtyWatcher watcher)
    {
        while (!watcher.Read().IsEmpty)
        {
        }
    }
}
