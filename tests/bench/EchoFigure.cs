using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>From a key to its echo, while nothing else happens and while another session floods.</summary>
internal static class EchoFigure
{
    private const int WarmUp = 100;

    private static readonly string[] EchoArgv = ["sh", "-c", "stty raw -echo; printf READY; exec cat"];

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon();
        IHost[] hosts = [bench.Raw, daemon, .. bench.Peers()];
        string log = Payload.WriteAll(bench.Folder, name => name == "ascii").Single().Path;
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (IHost host in hosts) Round(bench, table, host, "echo, idle");
            foreach (IHost host in hosts)
            {
                string flood = bench.NewName();
                host.Start(flood, "sh", "-c", "while :; do cat \"$0\"; done", log);
                Round(bench, table, host, "echo, beside a flood");
                host.End(flood);
            }
        }
    }

    private static void Round(Workbench bench, FigureTable table, IHost host, string figure)
    {
        string name = bench.NewName();
        if (host is RawHost raw) raw.Open(name, EchoArgv);
        else host.Start(name, EchoArgv);
        using (IWatcher watcher = host.Attach(name))
        {
            if (host.KeepsScreen) watcher.ReadUntil("READY"u8);
            double[] samples = Type(watcher, bench.Options.Quick ? 500 : 2000);
            table.Row($"{figure}, p50", "µs").Add(host.Column, Figure.Percentile(samples, 50));
            table.Row($"{figure}, p99", "µs").Add(host.Column, Figure.Percentile(samples, 99));
        }

        host.End(name);
    }

    private static double[] Type(IWatcher watcher, int count)
    {
        for (int i = 0; i < WarmUp; i++) OneKey(watcher);
        double[] samples = new double[count];
        for (int i = 0; i < count; i++) samples[i] = OneKey(watcher);
        return samples;
    }

    private static double OneKey(IWatcher watcher)
    {
        long start = Stopwatch.GetTimestamp();
        watcher.Write("x"u8);
        ReadOnlySpan<byte> chunk;
        do
        {
            chunk = watcher.Read();
            if (chunk.IsEmpty) throw new IOException("the session ended while it was typed in");
        }
        while (!chunk.Contains((byte)'x'));

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
