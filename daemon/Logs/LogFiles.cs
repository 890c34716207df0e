using System.Globalization;

namespace Sessiond.Daemon.Logs;

/// <summary>
/// One session's log on disk: files named by the offset of their first byte, each at most a fixed part of the whole. The first is the head and stays; of the
/// rest the newest stay.
/// </summary>
/// <remarks>One writer; readers open the files for themselves.</remarks>
internal sealed class LogFiles : IDisposable
{
    /// <summary>Files that the bytes kept are spread over: the head, and tail files so that dropping the oldest frees a small part.</summary>
    private const int Parts = 8;

    private const string Extension = ".raw";

    private readonly long _partSize;
    private FileStream? _current;
    private long _currentLength;

    internal LogFiles(string folder, long maxSize)
    {
        Folder = folder;
        _partSize = Math.Max(4096, maxSize / Parts);
    }

    /// <summary>Where the files are.</summary>
    internal string Folder { get; private set; }

    /// <summary>Appends bytes that follow the last ones, or begin a new file where some were skipped.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    internal void Append(long offset, ReadOnlySpan<byte> bytes, bool isGap)
    {
        if (_current is null || isGap || _currentLength >= _partSize) Begin(offset);
        _current!.Write(bytes);
        _currentLength += bytes.Length;
    }

    /// <summary>Goes on where another daemon of the same journal ended.</summary>
    /// <returns>The offset after the last byte that is on disk; null when none is.</returns>
    internal long? Continue()
    {
        if (List() is not [.., (long offset, string path)]) return null;
        _current = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _currentLength = _current.Length;
        return offset + _currentLength;
    }

    /// <summary>The files, oldest first: offset of the first byte, and path.</summary>
    internal IReadOnlyList<(long Offset, string Path)> List()
    {
        var files = new List<(long, string)>();
        if (!Directory.Exists(Folder)) return files;
        foreach (string path in Directory.EnumerateFiles(Folder, "*" + Extension))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)) files.Add((offset, path));
        }

        files.Sort();
        return files;
    }

    /// <summary>The last bytes of a log that somebody else wrote and no longer does.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static byte[] Tail(string folder, int length)
    {
        using var files = new LogFiles(folder, 0);
        byte[] tail = [];
        foreach ((_, string path) in files.List().Reverse())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            int count = (int)Math.Min(file.Length, length - tail.Length);
            byte[] part = new byte[count];
            file.Position = file.Length - count;
            file.ReadExactly(part);
            tail = [.. part, .. tail];
            if (tail.Length == length) break;
        }

        return tail;
    }

    internal void Rename(string folder)
    {
        if (Directory.Exists(Folder) && !Directory.Exists(folder)) Directory.Move(Folder, folder);
        Folder = folder;
    }

    internal void Delete()
    {
        Dispose();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _current?.Dispose();
        _current = null;
    }

    private void Begin(long offset)
    {
        _current?.Dispose();
        _current = null;
        if (offset == 0) RemoveEarlierLife();
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _current = new FileStream(Path.Combine(Folder, offset.ToString("D20", CultureInfo.InvariantCulture) + Extension), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });
        _currentLength = 0;
        IReadOnlyList<(long Offset, string Path)> files = List();
        for (int i = 1; i <= files.Count - Parts; i++) File.Delete(files[i].Path);
    }

    /// <summary>A session of the same name in an earlier container had offsets of its own.</summary>
    private void RemoveEarlierLife()
    {
        foreach ((_, string path) in List()) File.Delete(path);
    }
}
