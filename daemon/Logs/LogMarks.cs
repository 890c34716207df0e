using System.Buffers.Binary;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Logs;

/// <summary>
/// The index beside a session's log: marks in the order of their offsets, the newest in memory, all in a file. Where it gets too long the older half is thinned out, so that
/// what is kept of a long life is coarse and not missing.
/// </summary>
/// <remarks>The session's loop adds, the log's writer saves, anybody reads.</remarks>
internal sealed class LogMarks
{
    /// <summary>Milliseconds between two marks: what a player can show, and a hundred of them a second at most.</summary>
    internal const int Interval = 10;

    private const string FileName = "times";

    /// <summary>Bytes of a mark in the file: offset, time, columns, rows and four that are zero, little endian.</summary>
    private const int RecordLength = 24;

    /// <summary>Marks in the file, 1 MiB of them.</summary>
    private const int MaxSaved = (1 << 20) / RecordLength;

    /// <summary>Marks in memory where there is no file.</summary>
    private const int MaxUnsaved = 4096;

    /// <summary>Marks that are worth a visit to the file.</summary>
    private const int SavedAtOnce = 64;

    private readonly Lock _fileGate = new(); // guards the file; taken before _gate
    private readonly Lock _gate = new(); // guards _unsaved; never held over a disk that may stall, since the session's loop takes it
    private readonly List<LogMark> _unsaved = [];
    private readonly Func<string?> _folder;
    private LogMark _last = new(-1, 0, 0, 0);

    /// <summary>Makes an index.</summary>
    /// <param name="folder">Where the log's files are now; null: nowhere.</param>
    internal LogMarks(Func<string?> folder) => _folder = folder;

    /// <summary>Notes that bytes from an offset on are being printed now, unless that says nothing new.</summary>
    internal void Add(long offset, long now, int columns, int rows)
    {
        bool isNew = now - _last.At >= Interval || columns != _last.Columns || rows != _last.Rows;
        if (!isNew) return;
        _last = new LogMark(offset, now, columns, rows);
        lock (_gate)
        {
            _unsaved.Add(_last);
            if (_unsaved.Count > MaxUnsaved) Thin(_unsaved);
        }
    }

    /// <summary>True when there are marks that the file does not have.</summary>
    internal bool HasUnsaved
    {
        get
        {
            lock (_gate) return _unsaved.Count > 0;
        }
    }

    /// <summary>True when there are so many that they should not wait any longer.</summary>
    internal bool HasMany
    {
        get
        {
            lock (_gate) return _unsaved.Count >= SavedAtOnce;
        }
    }

    /// <summary>Appends what is new to the file.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    internal void Save()
    {
        lock (_fileGate)
        {
            if (Path is not { } path || TakeUnsaved() is not { Length: > 0 } marks) return;
            try
            {
                if (!Append(path, marks)) return;
            }
            catch
            {
                lock (_gate) _unsaved.InsertRange(0, marks);
                throw;
            }
        }

        Shrink();
    }

    private LogMark[] TakeUnsaved()
    {
        lock (_gate)
        {
            LogMark[] marks = [.. _unsaved];
            _unsaved.Clear();
            return marks;
        }
    }

    /// <summary>Appends to the file. Returns whether it has become too long.</summary>
    private static bool Append(string path, IReadOnlyList<LogMark> marks)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            // What the disk has no room for must fail here, while it is still in memory.
            BufferSize = 0,
        };
        using var file = new FileStream(path, options);
        // Over a record that was cut by a crash or a full disk.
        file.Position = file.Length - (file.Length % RecordLength);
        file.Write(Encode(marks));
        return file.Length > MaxSaved * (long)RecordLength;
    }

    /// <summary>All marks.</summary>
    internal IReadOnlyList<LogMark> Read()
    {
        lock (_fileGate)
        {
            List<LogMark> marks = ReadFile();
            lock (_gate) marks.AddRange(_unsaved);
            return InOrder(marks);
        }
    }

    private string? Path => _folder() is { } folder ? System.IO.Path.Combine(folder, FileName) : null;

    /// <summary>After a crash the next daemon marks once more what it reads again: the first word on a place counts.</summary>
    private static List<LogMark> InOrder(List<LogMark> marks)
    {
        var ordered = new List<LogMark>(marks.Count);
        foreach (LogMark mark in marks)
        {
            if (ordered.Count == 0 || mark.Offset > ordered[^1].Offset || IsResize(ordered[^1], mark)) ordered.Add(mark);
        }

        return ordered;
    }

    private static bool IsResize(LogMark last, LogMark mark) => mark.Offset == last.Offset && (mark.Columns != last.Columns || mark.Rows != last.Rows);

    /// <summary>Drops every second mark of the older half, but for those where the size changed.</summary>
    private static void Thin(List<LogMark> marks)
    {
        int half = marks.Count / 2;
        var kept = new List<LogMark>(marks.Count);
        for (int i = 0; i < marks.Count; i++)
        {
            bool isChange = i == 0 || marks[i].Columns != marks[i - 1].Columns || marks[i].Rows != marks[i - 1].Rows;
            if (i >= half || i % 2 == 0 || isChange) kept.Add(marks[i]);
        }

        marks.Clear();
        // A program that changes the size for ever loses the oldest.
        marks.AddRange(kept.Count > half + (half * 3 / 4) ? kept[half..] : kept);
    }

    private static byte[] Encode(IReadOnlyList<LogMark> marks)
    {
        byte[] bytes = new byte[marks.Count * RecordLength];
        for (int i = 0; i < marks.Count; i++)
        {
            Span<byte> record = bytes.AsSpan(i * RecordLength, RecordLength);
            BinaryPrimitives.WriteInt64LittleEndian(record, marks[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], marks[i].At);
            BinaryPrimitives.WriteUInt16LittleEndian(record[16..], (ushort)marks[i].Columns);
            BinaryPrimitives.WriteUInt16LittleEndian(record[18..], (ushort)marks[i].Rows);
        }

        return bytes;
    }

    private List<LogMark> ReadFile()
    {
        List<LogMark> marks = [];
        if (Path is not { } path || !File.Exists(path)) return marks;
        try
        {
            ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
            for (; bytes.Length >= RecordLength; bytes = bytes[RecordLength..])
            {
                marks.Add(new LogMark(
                    BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..])));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The times are lost; the log is not.
        }

        return marks;
    }

    private void Shrink()
    {
        lock (_fileGate)
        {
            if (Path is not { } path) return;
            List<LogMark> marks = ReadFile();
            Thin(marks);
            WholeFile.Replace(path, Encode(marks));
        }
    }
}
