namespace Sessiond.Pty;

/// <summary>A file without a name, memfd_create(2): takes a short program's output without a thread that reads along.</summary>
public sealed class MemoryFile : IDisposable
{
    private MemoryFile(SafeFd fd) => Fd = fd;

    /// <summary>The descriptor, for <see cref="SpawnRequest.Output"/>.</summary>
    public SafeFd Fd { get; }

    /// <summary>Makes an empty file.</summary>
    /// <exception cref="OsException">No memory.</exception>
    public static MemoryFile Create(string name) => new(new SafeFd(OsException.Check(Libc.MemfdCreate(name, Libc.MFD_CLOEXEC), "memfd_create")));

    /// <summary>Makes a file that holds these bytes, to be read from its beginning.</summary>
    /// <exception cref="OsException">No memory.</exception>
    public static MemoryFile Of(string name, ReadOnlySpan<byte> bytes)
    {
        MemoryFile file = Create(name);
        while (!bytes.IsEmpty)
        {
            int count = NonBlocking.Write(file.Fd, bytes);
            if (count <= 0) OsException.Throw($"write to memfd {name}");
            bytes = bytes[count..];
        }

        _ = Libc.Lseek(file.Fd.Value, 0, 0);
        return file;
    }

    /// <summary>All bytes of such a file, whoever made it.</summary>
    public static byte[] ReadAll(SafeFd file) => new MemoryFile(file).ReadAll(int.MaxValue);

    /// <summary>What was written so far, from the beginning.</summary>
    /// <param name="limit">Bytes at most.</param>
    public byte[] ReadAll(int limit)
    {
        _ = Libc.Lseek(Fd.Value, 0, 0);
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int count;
        while (bytes.Length < limit && (count = NonBlocking.Read(Fd, buffer)) > 0) bytes.Write(buffer, 0, count);
        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();
}
