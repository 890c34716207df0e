namespace Sessiond.Bench;

/// <summary>Proportional set size of the processes that hold the sessions, at rest.</summary>
internal static class MemoryFigure
{
    /// <summary>The daemon gives the memory of its start back three seconds after it.</summary>
    private const int SettleMilliseconds = 6000;

    internal static void Measure(Workbench bench, FigureTable table)
    {
        foreach (int sessions in bench.Options.Quick ? [0, 1, 200] : (int[])[0, 1, 1000])
        {
            Figure figure = table.Row($"memory (Pss), {sessions} idle session{(sessions == 1 ? "" : "s")}", "MB");
            using (SessiondHost daemon = bench.LaunchDaemon(StartFigure.SpecOf(sessions, "[\"sleep\", \"infinity\"]")))
            {
                StartFigure.AwaitRunning(daemon, sessions);
                figure.Add(Column.Sessiond, Settled(daemon.Pids()));
            }

            if (bench.Tmux is not { } tmux || sessions == 0) continue;
            Start(tmux, bench.Folder, sessions);
            figure.Add(Column.Tmux, Settled([tmux.Pid()]));
            tmux.Stop();
        }
    }

    private static void Start(TmuxHost tmux, string folder, int sessions)
    {
        string script = Path.Combine(folder, "idle.tmux");
        File.WriteAllLines(script, Enumerable.Range(0, sessions).Select(i => string.Join(' ', TmuxHost.StartLine($"idle{i}", "sleep", "infinity"))));
        using PtyWatcher client = tmux.Client("start-server", ";", "source-file", script);
        client.ReadToEnd();
    }

    private static double Settled(IEnumerable<int> pids)
    {
        Thread.Sleep(SettleMilliseconds);
        return pids.Sum(ProcessFigures.PssMegabytes);
    }
}
