using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>How long until the screen of a session with 100,000 lines behind it is there.</summary>
internal static class AttachFigure
{
    private const byte SnapshotPart = 2;
    private const byte SnapshotEnd = 2;

    private static readonly string[] LongRun = ["sh", "-c", "seq 1 100000; printf @@HERE@@; exec sleep 1000"];

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon("[defaults]\nscrollback = 10000\nscrollback_bytes = \"64MiB\"\n");
        string screen = Path.Combine(bench.Folder, "screen");
        File.WriteAllText(screen, string.Join('\n', Enumerable.Range(99978, 23)) + "\n@@HERE@@");
        string name = bench.NewName();
        daemon.Start(name, LongRun);
        bench.Tmux?.Start(name, LongRun);
        Await(() => daemon.AttachProcess(name));
        if (bench.Tmux is not null) Await(() => (PtyWatcher)bench.Tmux.Attach(name));
        for (int round = 0; round < bench.Options.Rounds * 5; round++)
        {
            table.Row("connect until the screen is there", "ms").Add(Column.Sessiond, Connect(daemon, name, 0));
            table.Row("connect until screen and 10,000 lines are there", "ms").Add(Column.Sessiond, Connect(daemon, name, 10000));
            Figure process = table.Row("start of a client until the screen is there (raw: cat)", "ms");
            process.Add(Column.Raw, Shown(() => bench.Launcher.Launch("cat", screen)));
            process.Add(Column.Sessiond, Shown(() => daemon.AttachProcess(name)));
            if (bench.Tmux is not null) process.Add(Column.Tmux, Shown(() => (PtyWatcher)bench.Tmux.Attach(name)));
        }

        bench.Tmux?.End(name);
        daemon.End(name);
    }

    /// <summary>The program printed everything once its last words are on a client's screen.</summary>
    private static void Await(Func<PtyWatcher> attach)
    {
        using PtyWatcher watcher = attach();
        watcher.ReadUntil("@@HERE@@"u8);
    }

    private static double Shown(Func<PtyWatcher> start)
    {
        long begin = Stopwatch.GetTimestamp();
        using PtyWatcher watcher = start();
        watcher.ReadUntil("@@HERE@@"u8);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static double Connect(SessiondHost daemon, string name, int scrollback)
    {
        long begin = Stopwatch.GetTimestamp();
        using WebSocketWatcher watcher = daemon.Connect(name, $"scrollback={scrollback}", "sessiond.v1");
        ReadSnapshot(watcher);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    /// <summary>Reads messages up to the snapshot part that bears the end flag.</summary>
    internal static void ReadSnapshot(WebSocketWatcher watcher)
    {
        bool last = false;
        bool atStart = true;
        while (true)
        {
            ReadOnlySpan<byte> chunk = watcher.Read();
            if (chunk.IsEmpty) throw new IOException("the connection ended before the end of the snapshot");
            // The two bytes of type and flags come together: they are written in one call with the frame's header.
            if (atStart) last = chunk is [SnapshotPart, var flags, ..] && (flags & SnapshotEnd) != 0;
            atStart = watcher.AtFrameEnd;
            if (last && atStart) return;
        }
    }
}
