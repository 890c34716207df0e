using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>Fifty sessions that print at once and that nobody watches: what they reach in sum, and how evenly it is shared.</summary>
internal static class CrowdFigure
{
    private const int Sessions = 50;

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon();
        Payload payload = Payload.WriteAll(bench.Folder, name => name == "ascii").Single();
        int copies = bench.Options.Quick ? 2 : 8;
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            Print(bench, table, bench.Raw, payload, copies);
            Print(bench, table, daemon, payload, copies);
        }
    }

    private static void Print(Workbench bench, FigureTable table, IHost host, Payload payload, int copies)
    {
        string[] names = [.. Enumerable.Range(0, Sessions).Select(_ => bench.NewName())];
        PrintRun[] runs = [.. names.Select(name => new PrintRun(bench.Folder, name, payload, copies))];
        for (int i = 0; i < Sessions; i++) host.Start(names[i], runs[i].Argv);
        double[] seconds = new double[Sessions];
        long start = Stopwatch.GetTimestamp();
        Thread[] waiting = [.. runs.Select((run, i) => new Thread(() =>
        {
            run.AwaitDone();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }))];
        foreach (Thread thread in waiting) thread.Start();
        foreach (PrintRun run in runs) run.Go();
        foreach (Thread thread in waiting) thread.Join();
        double printed = payload.PrintedBytes * copies * Sessions / 1e6;
        table.Row($"{Sessions} sessions printing at once, in sum", "MB/s").Add(host.Column, printed / seconds.Max());
        table.Row($"{Sessions} sessions printing at once, slowest to fastest", "share").Add(host.Column, seconds.Min() / seconds.Max());
        for (int i = 0; i < Sessions; i++)
        {
            host.End(names[i]);
            runs[i].Dispose();
        }
    }
}
