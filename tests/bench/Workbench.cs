namespace Sessiond.Bench;

/// <summary>A temporary folder, the programs under test that are there, and the names that tell rounds apart.</summary>
internal sealed class Workbench : IDisposable
{
    private int _lastName;

    internal Workbench(BenchOptions options)
    {
        Options = options;
        Folder = Directory.CreateTempSubdirectory("bench-").FullName;
        Launcher = new Launcher(Folder);
        Raw = new RawHost(Launcher);
        if (options.Peers && Launcher.Has("tmux")) Tmux = new TmuxHost(Launcher);
        if (options.Peers && Launcher.Has("dtach")) Dtach = new DtachHost(Launcher);
    }

    internal BenchOptions Options { get; }

    internal string Folder { get; }

    internal Launcher Launcher { get; }

    internal RawHost Raw { get; }

    /// <summary>Null when it is not installed.</summary>
    internal TmuxHost? Tmux { get; }

    /// <summary>Null when it is not installed.</summary>
    internal DtachHost? Dtach { get; }

    /// <summary>A daemon that answers.</summary>
    internal SessiondHost StartDaemon(string spec = "") => LaunchDaemon(spec).Ready();

    /// <summary>A daemon that was only spawned.</summary>
    internal SessiondHost LaunchDaemon(string spec) => SessiondHost.Launch(Launcher, Options.Binary, spec);

    /// <summary>A session name that was not used before.</summary>
    internal string NewName() => $"s{++_lastName}";

    /// <summary>Those that hold sessions beside the daemon.</summary>
    internal IEnumerable<IHost> Peers()
    {
        if (Tmux is not null) yield return Tmux;
        if (Dtach is not null) yield return Dtach;
    }

    /// <summary>What stands in the other columns.</summary>
    internal IEnumerable<string> PeerVersions()
    {
        if (Tmux is not null) yield return "tmux";
        if (Dtach is not null) yield return "dtach";
        if (Tmux is null && Dtach is null) yield return "nothing (tmux and dtach are not installed or not wanted)";
    }

    public void Dispose()
    {
        foreach (IHost host in Peers()) host.Dispose();
        Raw.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
