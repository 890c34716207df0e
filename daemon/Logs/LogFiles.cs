using System.Globalization;

namespace Sessiond.Daemon.Logs;

/// <summary>
/// One session's log on disk: files named by the offset of their first byte, each at most a fixed part of the whole. The first is the head and stays; of the
/// rest the newest stay. What a session of the same name printed in earlier lives of the devbox is beside them, in a folder for each.
/// </summary>
/// <remarks>One writer; readers open the files for themselves.</remarks>
internal sealed class LogFiles : IDisposable
{
    /// <summary>Files that the bytes kept are spread over: the head, and tail files so that dropping the oldest frees a small part.</summary>
    private const int Parts = 8;

    private const string Extension = ".raw";

    /// <summary>An empty file whose name says which life the files are of: it can be made on a full disk.</summary>
    private const string EpochPrefix = "epoch-";

    private readonly long _partSize;
    private readonly int _keep;
    private readonly string? _epoch;
    private FileStream? _current;
    private long _currentLength;
    private bool _isOurs;

    /// <summary>Opens a log; nothing is made yet.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="maxSize">Bytes that are kept of this life.</param>
    /// <param name="keep">Earlier lives that are kept.</param>
    /// <param name="epoch">Names this life; null: it is the same one for ever.</param>
    internal LogFiles(string folder, long maxSize, int keep = 0, string? epoch = null)
    {
        Folder = folder;
        _partSize = Math.Max(4096, maxSize / Parts);
        _keep = keep;
        _epoch = epoch;
    }

    /// <summary>Where the files are.</summary>
    internal string Folder { get; private set; }

    /// <summary>Appends bytes that follow the last ones, or begin a new file where some were skipped: as many as go into one file, or none.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    internal int Append(long offset, ReadOnlySpan<byte> bytes, bool isGap)
    {
        TakePlace();
        if (_current is null || isGap || _currentLength >= _partSize) Begin(offset);
        int count = (int)Math.Min(bytes.Length, _partSize - _currentLength);
        try
        {
            _current!.Write(bytes[..count]);
            _currentLength += count;
            return count;
        }
        catch (IOException)
        {
            TakeBack();
            throw;
        }
    }

    /// <summary>Goes on where another daemon of the same journal ended.</summary>
    /// <returns>The offset after the last byte that is on disk; null when none is.</returns>
    internal long? Continue()
    {
        if (_epoch is not null && !File.Exists(EpochFile)) return null;
        _isOurs = true;
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

    /// <summary>The offset after the last byte of a log that nobody writes at the moment; 0 when there is none.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    internal static long End(string folder)
    {
        using var files = new LogFiles(folder, 0);
        return files.List() is [.., (long offset, string path)] ? offset + new FileInfo(path).Length : 0;
    }

    internal void Rename(string folder)
    {
        // Of somebody who had the name before.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        if (Directory.Exists(Folder)) Directory.Move(Folder, folder);
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

    /// <summary>Reads from a position on, out of the first file that has something there.</summary>
    /// <param name="files">The files, oldest first.</param>
    /// <param name="position">Where to read.</param>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="offset">Offset of the first byte: above the position where bytes are gone.</param>
    /// <returns>Bytes read; 0 at the end.</returns>
    internal static int Read(IReadOnlyList<(long Offset, string Path)> files, long position, Span<byte> target, out long offset)
    {
        offset = position;
        foreach ((long start, string path) in files)
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
                if (position >= start + file.Length) continue;
                offset = Math.Max(position, start);
                file.Position = offset - start;
                return file.Read(target);
            }
            catch (IOException)
            {
                // Dropped for a newer one meanwhile.
            }
        }

        return 0;
    }

    /// <summary>The folder of an earlier life; 1 is the one before this.</summary>
    internal static string EarlierFolder(string folder, int age) => Path.Combine(folder, $"earlier-{age.ToString(CultureInfo.InvariantCulture)}");

    private string EpochFile => Path.Combine(Folder, EpochPrefix + _epoch);

    private void Begin(long offset)
    {
        _current?.Dispose();
        _current = null;
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

    /// <summary>A piece that the disk had no room for is no piece; a file that holds none would push one out that does.</summary>
    private void TakeBack()
    {
        if (_current is not { } file) return;
        _current = null;
        try
        {
            file.SetLength(_currentLength);
            if (_currentLength == 0) File.Delete(file.Name);
        }
        catch (IOException)
        {
            // What is there is right as far as it goes: a file's bytes are those from its offset on.
        }
        finally
        {
            file.Dispose();
        }
    }

    /// <summary>A session of the same name in an earlier container had offsets of its own: what it printed is put aside, and the oldest goes.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    internal void TakePlace()
    {
        if (_isOurs) return;
        if (Directory.Exists(Folder) && (_epoch is null || !File.Exists(EpochFile)))
        {
            FileInfo[] left = new DirectoryInfo(Folder).GetFiles();
            if (Directory.Exists(EarlierFolder(Folder, 0)) || left.Any(file => file.Extension == Extension)) PutAside();
            else Array.ForEach(left, file => file.Delete());
        }

        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (_epoch is not null) File.WriteAllBytes(EpochFile, []);
        _isOurs = true;
    }

    /// <summary>In steps that a daemon which is killed between two of them leaves for the next one to finish: first aside, then the older ones make room, then to its number.</summary>
    private void PutAside()
    {
        string aside = EarlierFolder(Folder, 0);
        Directory.CreateDirectory(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string path in Directory.GetFiles(Folder))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(EpochPrefix, StringComparison.Ordinal)) File.Delete(path);
            else File.Move(path, Path.Combine(aside, name), overwrite: true);
        }

        // As far as they stand in a row: where a number is free, those above it have been moved already.
        for (int age = LivesIn(Folder); age >= 1; age--)
        {
            string next = EarlierFolder(Folder, age + 1);
            if (Directory.Exists(next)) Directory.Delete(next, recursive: true);
            if (age >= _keep) Directory.Delete(EarlierFolder(Folder, age), recursive: true);
            else Directory.Move(EarlierFolder(Folder, age), next);
        }

        if (_keep == 0) Directory.Delete(aside, recursive: true);
        else Directory.Move(aside, EarlierFolder(Folder, 1));
    }

    private static int LivesIn(string folder)
    {
        int lives = 0;
        while (Directory.Exists(EarlierFolder(folder, lives + 1))) lives++;
        return lives;
    }
}
