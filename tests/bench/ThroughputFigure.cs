using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>How fast a program prints while it is watched, and while it is not.</summary>
internal static class ThroughputFigure
{
    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon();
        Payload[] payloads = [.. Payload.WriteAll(bench.Folder, name => bench.Options.Payloads.Count == 0 || bench.Options.Payloads.Contains(name))];
        int copies = bench.Options.Quick ? 16 : 64;
        // The peers' rate does not depend on the amount, and some of them take long.
        int peerCopies = copies / 4;
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (Payload payload in payloads)
            {
                Watched(bench, table, bench.Raw, payload, copies);
                Watched(bench, table, daemon, payload, copies);
                ThroughClient(bench, table, daemon, payload, copies);
                Unwatched(bench, table, bench.Raw, payload, copies);
                Unwatched(bench, table, daemon, payload, copies);
                foreach (IHost peer in bench.Peers())
                {
                    Watched(bench, table, peer, payload, peerCopies);
                    Unwatched(bench, table, peer, payload, peerCopies);
                }
            }
        }
    }

    private static void Watched(Workbench bench, FigureTable table, IHost host, Payload payload, int copies)
    {
        string name = bench.NewName();
        using var run = new PrintRun(bench.Folder, name, payload, copies);
        if (host is RawHost raw) raw.Open(name, run.Argv);
        else host.Start(name, run.Argv);
        using (IWatcher watcher = host.Attach(name))
        {
            double cpu = host.CpuSeconds();
            if (host.KeepsScreen) watcher.ReadUntil(PrintRun.Ready);
            (double rate, double delivered) = Time(run, watcher, payload, copies);
            cpu = host.CpuSeconds() - cpu;
            table.Row($"attached, {payload.Name}", "MB/s").Add(host.Column, rate);
            if (host.Column == Column.Raw) table.Row($"through the CLI, {payload.Name}", "MB/s").Add(Column.Raw, rate);
            if (host.Column == Column.Sessiond) table.Row($"  of it delivered, {payload.Name}", "share").Add(host.Column, delivered);
            AddCpu(table, $"  cpu attached, {payload.Name}", host, cpu, payload.PrintedBytes * copies);
        }

        host.End(name);
    }

    private static void ThroughClient(Workbench bench, FigureTable table, SessiondHost daemon, Payload payload, int copies)
    {
        string name = bench.NewName();
        using var run = new PrintRun(bench.Folder, name, payload, copies);
        daemon.Start(name, run.Argv);
        using (PtyWatcher watcher = daemon.AttachProcess(name))
        {
            watcher.ReadUntil(PrintRun.Ready);
            (double rate, double delivered) = Time(run, watcher, payload, copies);
            table.Row($"through the CLI, {payload.Name}", "MB/s").Add(Column.Sessiond, rate);
            table.Row($"  of it delivered by the CLI, {payload.Name}", "share").Add(Column.Sessiond, delivered);
        }

        daemon.End(name);
    }

    private static void Unwatched(Workbench bench, FigureTable table, IHost host, Payload payload, int copies)
    {
        string name = bench.NewName();
        using var run = new PrintRun(bench.Folder, name, payload, copies);
        host.Start(name, run.Argv);
        double cpu = host.CpuSeconds();
        long start = Stopwatch.GetTimestamp();
        run.Go();
        run.AwaitDone();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long bytes = payload.PrintedBytes * copies;
        table.Row($"detached, {payload.Name}", "MB/s").Add(host.Column, bytes / 1e6 / seconds);
        AddCpu(table, $"  cpu detached, {payload.Name}", host, host.CpuSeconds() - cpu, bytes);
        host.End(name);
    }

    /// <summary>From the word go to the last byte at the watcher. A watcher that was too slow for the program gets less than everything.</summary>
    private static (double MegabytesPerSecond, double Delivered) Time(PrintRun run, IWatcher watcher, Payload payload, int copies)
    {
        long start = Stopwatch.GetTimestamp();
        run.Go();
        long received = watcher.ReadUntil(PrintRun.Marker);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long printed = payload.PrintedBytes * copies;
        return (printed / 1e6 / seconds, Math.Min(1, (double)received / printed));
    }

    private static void AddCpu(FigureTable table, string name, IHost host, double seconds, long bytes)
    {
        if (!double.IsNaN(seconds)) table.Row(name, "s per GB").Add(host.Column, seconds / (bytes / 1e9));
    }
}
