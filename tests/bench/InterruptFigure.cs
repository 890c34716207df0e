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
            (double pressed, long start) = Flood(watcher);
            watcher.Write("\x03"u8);
            Slowly(watcher, "@@PROMPT@@"u8);
            table.Row("^C under a flood at 1 MB/s until the prompt is seen", "ms").Add(Column.Sessiond, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            double signalled = double.Parse(File.ReadAllText(told), CultureInfo.InvariantCulture);
            table.Row("^C under a flood at 1 MB/s until the signal", "ms").Add(Column.Sessiond, (signalled - pressed) * 1000);
            daemon.End(name);
        }
    }

    private static (double Pressed, long Start) Flood(WebSocketWatcher watcher)
    {
        long start = Stopwatch.GetTimestamp();
        long read = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < FloodSeconds) read += Take(watcher, start, read).Length;
        return (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, Stopwatch.GetTimestamp());
    }

    private static void Slowly(WebSocketWatcher watcher, ReadOnlySpan<byte> marker)
    {
        long start = Stopwatch.GetTimestamp();
        long read = 0;
        var seen = new List<byte>();
        do
        {
            ReadOnlySpan<byte> chunk = Take(watcher, start, read);
            read += chunk.Length;
            seen.AddRange(chunk);
        }
        while (System.Runtime.InteropServices.CollectionsMarshal.AsSpan(seen).IndexOf(marker) < 0);
    }

    private static ReadOnlySpan<byte> Take(WebSocketWatcher watcher, long start, long read)
    {
        double due = read / BytesPerSecond - Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (due > 0) Thread.Sleep(TimeSpan.FromSeconds(due));
        ReadOnlySpan<byte> chunk = watcher.Read();
        return chunk.IsEmpty ? throw new IOException("the connection ended within the flood") : chunk;
    }
}
