using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>Five hundred sessions that print a line a second each, unwatched: what part of a core that takes.</summary>
internal static class TickingFigure
{
    private const int Sessions = 500;

    /// <summary>Milliseconds of watching.</summary>
    private const int Span = 10_000;

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.LaunchDaemon(StartFigure.SpecOf(Sessions, "[\"sh\", \"-c\", \"while :; do echo a line a second; sleep 1; done\"]"));
        StartFigure.AwaitRunning(daemon, Sessions);
        Thread.Sleep(Span / 2);
        for (int round = 0; round < (bench.Options.Quick ? 1 : 3); round++)
        {
            double cpu = daemon.CpuSeconds();
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(Span);
            table.Row($"{Sessions} sessions printing a line a second", "% of a core")
                .Add(Column.Sessiond, (daemon.CpuSeconds() - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds * 100);
        }
    }
}
