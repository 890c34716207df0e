using System.Diagnostics;
using System.Text;

namespace Sessiond.Bench;

/// <summary>From nothing to a session; 200 of them; and the shortest useful command.</summary>
internal static class StartFigure
{
    private const int Many = 200;

    private static readonly string[] Greeting = ["sh", "-c", "printf READY; exec sleep 1000"];

    internal static void Measure(Workbench bench, FigureTable table)
    {
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            FirstSession(bench, table.Row("start until the first session can be attached", "ms"));
            ManySessions(bench, table.Row($"start of {Many} sessions", "ms"), table.Row($"list of {Many} sessions, whole process (raw: true)", "ms"));
        }
    }

    private static void FirstSession(Workbench bench, Figure figure)
    {
        figure.Add(Column.Raw, Shown(() => bench.Launcher.Launch(Greeting)));
        figure.Add(Column.Sessiond, Served(bench));
        if (bench.Tmux is { } tmux)
        {
            figure.Add(Column.Tmux, Shown(() => tmux.Client(["new-session", "-s", "first", "--", .. Greeting])));
            tmux.Stop();
        }

        if (bench.Dtach is { } dtach)
        {
            figure.Add(Column.Dtach, Shown(() => dtach.Create("first", Greeting)));
            dtach.End("first");
        }
    }

    private static double Shown(Func<PtyWatcher> start)
    {
        long begin = Stopwatch.GetTimestamp();
        using PtyWatcher watcher = start();
        watcher.ReadUntil("READY"u8);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static double Served(Workbench bench)
    {
        long begin = Stopwatch.GetTimestamp();
        using SessiondHost daemon = bench.LaunchDaemon(SpecOf(1, "[\"sh\", \"-c\", \"printf READY; exec sleep 1000\"]"));
        while (true)
        {
            try
            {
                using WebSocketWatcher watcher = daemon.Connect("s0", "scrollback=0", "sessiond.v1");
                AttachFigure.ReadSnapshot(watcher);
                return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(begin).TotalSeconds < 20)
            {
                // No socket yet, or no session yet.
                Thread.Sleep(1);
            }
        }
    }

    private static void ManySessions(Workbench bench, Figure start, Figure list)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < Many; i++) bench.Raw.Open($"many{i}", "sleep", "1000");
        start.Add(Column.Raw, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        for (int i = 0; i < Many; i++) bench.Raw.End($"many{i}");
        list.Add(Column.Raw, Ended(() => bench.Launcher.Launch("true")));
        ManyInDaemon(bench, start, list);
        if (bench.Tmux is { } tmux) ManyInTmux(tmux, bench.Folder, start, list);
    }

    private static void ManyInDaemon(Workbench bench, Figure start, Figure list)
    {
        string spec = SpecOf(Many, "[\"sleep\", \"1000\"]");
        long begin = Stopwatch.GetTimestamp();
        using SessiondHost daemon = bench.LaunchDaemon(spec);
        AwaitRunning(daemon, Many);
        start.Add(Column.Sessiond, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        for (int i = 0; i < 5; i++) list.Add(Column.Sessiond, Ended(() => daemon.Client("list")));
    }

    private static void ManyInTmux(TmuxHost tmux, string folder, Figure start, Figure list)
    {
        string script = Path.Combine(folder, "many.tmux");
        File.WriteAllLines(script, Enumerable.Range(0, Many).Select(i => string.Join(' ', TmuxHost.StartLine($"many{i}", "sleep", "1000"))));
        double milliseconds = Ended(() => tmux.Client("start-server", ";", "source-file", script));
        start.Add(Column.Tmux, milliseconds);
        for (int i = 0; i < 5; i++) list.Add(Column.Tmux, Ended(() => tmux.Client("list-sessions")));
        tmux.Stop();
    }

    private static double Ended(Func<PtyWatcher> start)
    {
        long begin = Stopwatch.GetTimestamp();
        using PtyWatcher watcher = start();
        if (watcher.ReadToEnd().ShellCode != 0) throw new IOException("a client failed");
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    /// <summary>A spec of so many equal sessions, <c>s0</c> and on.</summary>
    internal static string SpecOf(int sessions, string command)
    {
        var spec = new StringBuilder();
        for (int i = 0; i < sessions; i++) spec.Append($"[[sessions]]\nname = \"s{i}\"\ncommand = {command}\n");
        return spec.ToString();
    }

    /// <summary>Waits until so many sessions run.</summary>
    internal static void AwaitRunning(SessiondHost daemon, int count)
    {
        long deadline = Environment.TickCount64 + 60_000;
        daemon.Ready();
        while (Running(daemon.Get("v1/sessions?state=running") ?? "") < count)
        {
            if (Environment.TickCount64 > deadline) throw new IOException($"not all of {count} sessions run after a minute");
            Thread.Sleep(5);
        }
    }

    private static int Running(string json) => json.AsSpan().Count("\"state\":\"running\"");
}
