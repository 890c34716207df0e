using System.Diagnostics;

namespace Sessiond.Bench;

/// <summary>A line that brings so many bytes a second to a client, and saves nothing up while nothing comes.</summary>
internal sealed class SlowLine(WebSocketWatcher watcher, double bytesPerSecond, int packet)
{
    private long _last = Stopwatch.GetTimestamp();
    private double _credit;

    /// <summary>The next bytes, when the line has brought them.</summary>
    /// <exception cref="IOException">The connection ended.</exception>
    internal ReadOnlySpan<byte> Read()
    {
        long now = Stopwatch.GetTimestamp();
        _credit = Math.Min(2 * packet, _credit + Stopwatch.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond);
        _last = now;
        if (_credit < packet) Thread.Sleep(TimeSpan.FromSeconds((packet - _credit) / bytesPerSecond));
        ReadOnlySpan<byte> chunk = watcher.Read();
        _credit -= chunk.Length;
        return chunk.IsEmpty ? throw new IOException("the connection ended within the flood") : chunk;
    }
}
