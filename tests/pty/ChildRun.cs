using System.Text;

namespace Sessiond.Pty.Tests;

/// <summary>A program on a pty of its own, for tests: reads what it prints, types, waits for its end.</summary>
internal sealed class ChildRun : IDisposable
{
    private static readonly ChildReaper Reaper = StartReaper();

    private readonly StringBuilder _output = new();
    private bool _reaped;
    private int _awaited;

    private ChildRun(PtyMaster master, ChildProcess child)
    {
        Master = master;
        Child = child;
    }

    internal static Spawner Spawner { get; } = new(Reaper, Environment.ProcessPath!);

    internal PtyMaster Master { get; }

    internal ChildProcess Child { get; }

    internal string Output => _output.ToString();

    internal static ChildRun Start(params string[] argv)
    {
        PtyMaster master = PtyMaster.Open(80, 24);
        ChildProcess child = Spawner.Spawn(new SpawnRequest
        {
            Argv = argv,
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["TERM"] = "xterm", ["PS1"] = "$ " },
            WorkingFolder = "/tmp",
            SlavePath = master.SlavePath,
        });
        return new ChildRun(master, child);
    }

    internal void Type(string text) => Assert.Equal(Encoding.UTF8.GetByteCount(text), Master.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Reads until the output holds a text behind the one that was waited for last.</summary>
    internal void ReadUntil(string text)
    {
        int found;
        while ((found = Output.IndexOf(text, _awaited, StringComparison.Ordinal)) < 0)
        {
            Assert.True(ReadSome(), $"the program ended before it printed {text}: {Output}");
        }

        _awaited = found + text.Length;
    }

    /// <summary>Waits until the leader's own group, or another, is in the foreground. The kernel tells nobody, so this looks again and again.</summary>
    internal void WaitForForeground(bool isLeader) =>
        Assert.True(SpinWait.SpinUntil(() => Master.ForegroundProcessGroup() == Child.Pid == isLeader, 20_000), Output);

    /// <summary>Reads to the end, reaps.</summary>
    internal ExitStatus ReadToEnd()
    {
        while (ReadSome())
        {
        }

        return Reap();
    }

    public void Dispose()
    {
        Child.Signal(SignalNames.Kill);
        if (!_reaped) Reap();
        Master.Dispose();
        Child.Dispose();
    }

    private static ChildReaper StartReaper()
    {
        // The test runner leaves descriptors open that are not for the programs under test.
        OpenFiles.KeepFromChildren();
        return ChildReaper.Start();
    }

    private ExitStatus Reap()
    {
        Assert.True(Poll.Readable(Child.PidFd), "the pidfd tells the end within the time limit");
        _reaped = true;
        return Child.Reap();
    }

    private bool ReadSome()
    {
        Assert.True(Poll.Readable(Master.Fd), $"the program is silent for longer than the time limit: {Output}");
        byte[] buffer = new byte[4096];
        int count = Master.Read(buffer);
        if (count > 0) _output.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return count != IoResult.End;
    }
}
