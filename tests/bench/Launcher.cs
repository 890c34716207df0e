using Sessiond.Pty;

namespace Sessiond.Bench;

/// <summary>Starts programs on ptys of the harness.</summary>
internal sealed class Launcher
{
    private readonly Spawner _spawner = new(ChildReaper.Start(), Environment.ProcessPath!);

    internal Launcher(string folder)
    {
        Folder = folder;
        OpenFiles.KeepFromChildren();
    }

    /// <summary>Working folder of everything that is started; the sockets are there too.</summary>
    internal string Folder { get; }

    /// <summary>What the programs get: nothing of the caller's, so that a tmux around the bench or a LANG does not count.</summary>
    internal Dictionary<string, string> Variables => new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = Folder,
        ["TERM"] = "xterm-256color",
        ["LANG"] = "C.UTF-8",
        ["SHELL"] = "/bin/sh",
    };

    internal PtyWatcher Launch(params string[] argv)
    {
        PtyMaster master = PtyMaster.Open(80, 24);
        ChildProcess child = _spawner.Spawn(new SpawnRequest
        {
            Argv = argv,
            Environment = Variables,
            WorkingFolder = Folder,
            SlavePath = master.SlavePath,
        });
        return new PtyWatcher(master, child);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="IOException">It failed.</exception>
    internal void Run(params string[] argv)
    {
        using PtyWatcher watcher = Launch(argv);
        ExitStatus status = watcher.ReadToEnd();
        if (status.ShellCode != 0) throw new IOException($"{string.Join(' ', argv)}: {status}");
    }

    /// <summary>Whether a program is in the PATH.</summary>
    internal bool Has(string program) =>
        Variables["PATH"].Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
