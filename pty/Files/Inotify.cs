using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Sessiond.Pty;

/// <summary>One inotify(7) instance: folders are added, events are read when its descriptor is readable.</summary>
public sealed unsafe class Inotify : IDisposable
{
    /// <summary>Bytes per read: some hundred events.</summary>
    private const int BufferSize = 64 * 1024;

    /// <summary>struct inotify_event without its name: int wd, uint mask, uint cookie, uint len.</summary>
    private const int HeaderSize = 16;

    private readonly byte[] _buffer = new byte[BufferSize];

    /// <summary>Makes an instance.</summary>
    /// <exception cref="OsException">The user has as many as allowed (fs.inotify.max_user_instances).</exception>
    public Inotify() => Fd = new SafeFd(OsException.Check(Libc.InotifyInit(Libc.IN_CLOEXEC_NONBLOCK), "inotify_init1"));

    /// <summary>Readable when there are events.</summary>
    public SafeFd Fd { get; }

    /// <summary>Watches a folder. The same folder again gives the same number.</summary>
    /// <param name="path">Path as bytes: a name of a file need not be UTF-8.</param>
    /// <param name="events">What to tell of.</param>
    /// <param name="isExhausted">True when there is none because fs.inotify.max_user_watches is used up.</param>
    /// <returns>The watch; -1 when there is none.</returns>
    public int TryAdd(ReadOnlySpan<byte> path, InotifyEvents events, out bool isExhausted)
    {
        byte[] terminated = [.. path, 0];
        fixed (byte* start = terminated)
        {
            int watch = Libc.InotifyAddWatch(Fd.Value, start, (uint)events);
            isExhausted = watch < 0 && Marshal.GetLastPInvokeError() is (Errno.ENOSPC or Errno.ENOMEM);
            return watch;
        }
    }

    /// <summary>Ends a watch; one that is gone already is no error.</summary>
    public void Remove(int watch) => _ = Libc.InotifyRemoveWatch(Fd.Value, watch);

    /// <summary>Reads events once. One thread at a time.</summary>
    /// <param name="onEvent">Watch, what happened, and the name as bytes in Latin-1, empty for the folder itself.</param>
    /// <returns>False when there was nothing to read.</returns>
    public bool Read(Action<int, InotifyEvents, string> onEvent)
    {
        int count = NonBlocking.Read(Fd, _buffer);
        if (count <= 0) return false;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, count);
        while (rest.Length >= HeaderSize)
        {
            int watch = BinaryPrimitives.ReadInt32LittleEndian(rest);
            var events = (InotifyEvents)BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest[12..]);
            ReadOnlySpan<byte> name = rest.Slice(HeaderSize, length);
            int end = name.IndexOf((byte)0);
            onEvent(watch, events, Encoding.Latin1.GetString(end < 0 ? name : name[..end]));
            rest = rest[(HeaderSize + length)..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();
}
