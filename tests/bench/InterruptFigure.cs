using System.Diagnostics;
using System.Globalization;

namespace Sessiond.Bench;

/// <summary>A client at 1 MB/s presses ^C while the program floods: when the program gets the signal, and when the client sees what follows it.</summary>
internal static class InterruptFigure
{
    private const double BytesPerSecond = 1e6;

    /// <summary>Bytes that the slow line brings at once.</summary>
    private const int Packet = 4096;

    /// <summary>Seconds of flood before the key: the buffers on the way are as full as they get.</summary>
    private const double FloodSeconds = 3;

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon();
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            string name = bench.NewName();
            string told = Path.Combine(bench.Folder, $"{name}.signal");
            daemon.Start(name, "bash", "-c", $"trap 'echo $EPOCHREALTIME >{told}; printf @@PROMPT@@' INT; echo READY; read go; yes; exec sleep 1000");
            using WebSocketWatcher watcher = daemon.Connect(name, "scrollback=0", protocol: null);
            watcher.ReadUntil("READY"u8);
            watcher.MaxRead = Packet;
            watcher.Write("\r"u8);
            var line = new SlowLine(watcher, BytesPerSecond, Packet);
            (double pressed, long start) = Flood(line);
            watcher.Write("\x03"u8);
            Until(line, "@@PROMPT@@"u8);
            table.Row("^C under a flood at 1 MB/s until the prompt is seen", "ms").Add(Column.Sessiond, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            double signalled = double.Parse(File.ReadAllText(told), CultureInfo.InvariantCulture);
            table.Row("^C under a flood at 1 MB/s until the signal", "ms").Add(Column.Sessiond, (signalled - pressed) * 1000);
            daemon.End(name);
        }
    }

    private static (double Pressed, long Start) Flood(SlowLine line)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < FloodSeconds) line.Read();
        return (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, Stopwatch.GetTimestamp());
    }

    private static void Until(SlowLine line, ReadOnlySpan<byte> marker)
    {
        var seen = new List<byte>();
        do seen.AddRange(line.Read());
        while (System.Runtime.InteropServices.CollectionsMarshal.AsSpan(seen).IndexOf(marker) < 0);
    }
}
