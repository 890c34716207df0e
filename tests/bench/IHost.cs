namespace Sessiond.Bench;

/// <summary>Something that runs programs on terminals and lets the harness watch them.</summary>
internal interface IHost : IDisposable
{
    /// <summary>Where its samples go.</summary>
    Column Column { get; }

    /// <summary>Whether a watcher is shown what was printed before it came.</summary>
    bool KeepsScreen { get; }

    /// <summary>Runs a program in a session that nobody watches.</summary>
    void Start(string session, params string[] argv);

    /// <summary>Watches a session, as its controller.</summary>
    IWatcher Attach(string session);

    /// <summary>Ends a session and its program.</summary>
    void End(string session);

    /// <summary>CPU seconds that the process which owns the ptys has used.</summary>
    double CpuSeconds();
}
