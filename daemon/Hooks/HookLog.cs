using System.Text;
using Sessiond.Daemon.Logs;
using Sessiond.Holder;

namespace Sessiond.Daemon.Hooks;

/// <summary>What a hook printed, over all its runs: in a ring and on disk like a session's output, with the runner's own lines between.</summary>
internal sealed class HookLog
{
    /// <summary>Bytes of the ring: the log thread takes from it every moment, and readers find the rest on disk.</summary>
    private const int RingCapacity = 512 * 1024;

    private readonly Lock _gate = new(); // makes one writer of the pipe's loop and the runner
    private bool _isInLine;

    internal HookLog(string name, SessionLogs logs, string epoch)
    {
        // What earlier daemons kept is on disk: the ring begins where that ends, so that byte = offset holds for both.
        Journal = Journal.Create(epoch, RingCapacity, first: logs.EndOfHook(name));
        Log = logs.OpenHook(name, Journal);
    }

    internal Journal Journal { get; }

    internal SessionLog Log { get; }

    /// <summary>Adds output. Any thread.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate) AppendUnderGate(bytes);
        Log.Wake();
        Log.Enqueue();
    }

    /// <summary>Adds a line of ours, on a line of its own. Any thread.</summary>
    internal void AppendNote(string text)
    {
        lock (_gate) AppendUnderGate(Encoding.UTF8.GetBytes(_isInLine ? $"\n{text}\n" : $"{text}\n"));
        Log.Wake();
        Log.Enqueue();
    }

    private void AppendUnderGate(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        _isInLine = bytes[^1] != '\n';
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, Journal.MaxWrite);
            Journal.Append(bytes[..count]);
            bytes = bytes[count..];
        }
    }
}
