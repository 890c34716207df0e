using System.Buffers;
using Sessiond.Holder;
using Sessiond.Hooks.Secrets;

namespace Sessiond.Daemon.Logs;

/// <summary>
/// Everything a session printed, on disk as far as the limit goes and in the ring for the newest. Byte = offset: what is in both is the same.
/// </summary>
internal sealed class SessionLog
{
    /// <summary>Bytes copied out of the ring at once.</summary>
    private const int CopySize = 128 * 1024;

    /// <summary>Bytes behind at which the writer is woken at once: a quarter of the ring.</summary>
    private const int UrgentBytes = Journal.DefaultCapacity / 4;

    private readonly Journal _journal;
    private readonly Action<SessionLog> _enqueue;
    private readonly Func<SecretMask> _mask;
    private readonly Lock _gate = new(); // guards _files against rename and delete
    private readonly LogMarks _marks;
    private LogFiles? _files;
    private long _logged;
    private long _lost; // writer's thread
    private int _queued;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWatched;
    private volatile bool _isLive;
    private volatile bool _isDeleted;

    /// <summary>Opens a log.</summary>
    /// <param name="files">Where it is on disk; null: nowhere.</param>
    /// <param name="journal">What is printed.</param>
    /// <param name="enqueue">Has the writer call <see cref="WriteNews"/>.</param>
    /// <param name="mask">What is covered.</param>
    internal SessionLog(LogFiles? files, Journal journal, Action<SessionLog> enqueue, Func<SecretMask> mask)
    {
        _journal = journal;
        _enqueue = enqueue;
        _mask = mask;
        _files = files;
        _logged = journal.First;
        // A journal that has bytes already was another daemon's: what is on disk is not written twice.
        if (files is not null && journal.Written > 0) Try(() => _logged = Math.Min(journal.Written, files.Continue() ?? 0));
        _marks = new LogMarks(() => _files?.Folder);
    }

    /// <summary>Completes when the mask has all that it will have of what programs of an earlier daemon know: who reads earlier may read a secret.</summary>
    internal Task MaskIsKnown { get; init; } = Task.CompletedTask;

    /// <summary>True after the session was terminated: nothing more will come.</summary>
    internal bool IsDeleted => _isDeleted;

    /// <summary>True when so much is not on disk yet that the ring may run over it soon.</summary>
    internal bool IsUrgent => _journal.Written - Volatile.Read(ref _logged) > UrgentBytes;

    /// <summary>Notes when, and at which size, bytes from an offset on were printed. Loop's thread.</summary>
    internal void Mark(long offset, long now, int columns, int rows) => _marks.Add(offset, now, columns, rows);

    /// <summary>When everything was printed. Any thread.</summary>
    internal IReadOnlyList<LogMark> ReadMarks() => _marks.Read();

    /// <summary>Tells followers that there are new bytes. Any thread; does not block.</summary>
    internal void Wake()
    {
        if (_isWatched) WakeFollowers();
    }

    /// <summary>Has the writer write what is new. Any thread; does not block.</summary>
    internal void Enqueue()
    {
        if (_files is not null && Interlocked.Exchange(ref _queued, 1) == 0) _enqueue(this);
    }

    /// <summary>The folder of an earlier life; null where there is none on disk.</summary>
    internal string? EarlierFolder(int age)
    {
        lock (_gate)
        {
            if (_files is not { } files) return null;
            // As long as nothing of this life is on disk, the life before it is still where this one will be.
            Try(files.TakePlace);
            string folder = LogFiles.EarlierFolder(files.Folder, age);
            return Directory.Exists(folder) ? folder : null;
        }
    }

    /// <summary>Writes what is new to disk. Writer's thread. A disk that fails costs the log file and nothing else.</summary>
    /// <param name="isLast">Nothing will follow: also what may be the beginning of a secret is written.</param>
    /// <returns>Null; or why it failed, to be tried again: what is still in the ring then is not lost.</returns>
    internal string? WriteNews(bool isLast)
    {
        Volatile.Write(ref _queued, 0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopySize);
        try
        {
            // What comes meanwhile is for the next time: a writer that keeps up with a flood writes it a line at a time.
            for (long end = _journal.Written; _logged < end;)
            {
                int count = CopyCovered(_logged, buffer.AsSpan(0, CopySize), isLast, out long offset);
                if (count == 0) return null;
                if (!Append(offset, buffer.AsSpan(0, count))) return null;
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>True when the index of times is not on disk as far as the log is.</summary>
    internal bool OwesMarks => _marks.HasUnsaved;

    /// <summary>Brings the index of times to disk. Writer's thread. Where that fails it is tried with the next.</summary>
    internal void SaveMarks()
    {
        lock (_gate) Try(_marks.Save);
    }

    /// <summary>Bytes that never came to disk, since the last call. Writer's thread.</summary>
    internal long TakeLost()
    {
        long lost = _lost;
        _lost = 0;
        return lost;
    }

    /// <summary>Reads from a position on: disk first, then ring. Any thread.</summary>
    /// <param name="position">Where to read.</param>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="offset">Offset of the first byte: above the position where bytes are gone.</param>
    /// <returns>Bytes read; 0 at the end.</returns>
    internal int Read(long position, Span<byte> target, out long offset)
    {
        if (position < _journal.Oldest && ReadFiles(position, target, out offset) is > 0 and int count) return count;
        return CopyCovered(position, target, null, out offset);
    }

    /// <summary>True while a program runs that may go on with what looks like the beginning of a secret.</summary>
    internal bool IsLive
    {
        set => _isLive = value;
    }

    /// <summary>Completes when there is more than a position. Any thread.</summary>
    internal Task MoreThan(long position)
    {
        _isWatched = true;
        Task news = Volatile.Read(ref _news).Task;
        return _journal.Written > position || _isDeleted ? Task.CompletedTask : news;
    }

    /// <summary>Wakes whoever follows: new bytes, or an end.</summary>
    internal void WakeFollowers()
    {
        TaskCompletionSource before = Interlocked.Exchange(
            ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        before.TrySetResult();
    }

    internal void Rename(string name)
    {
        lock (_gate)
        {
            if (_files is not null) Try(() => _files.Rename(Path.Combine(Path.GetDirectoryName(_files.Folder)!, name)));
        }
    }

    internal void Delete()
    {
        _isDeleted = true;
        lock (_gate)
        {
            if (_files is { } files) Try(files.Delete);
            _files = null;
        }

        // The writer forgets it.
        _enqueue(this);
        WakeFollowers();
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The log stays where it was: nothing else depends on its place.
        }
    }

    /// <summary>Copies out of the ring; the writer does not wait, so what it overtook is tried again further on.</summary>
    private int Copy(long position, Span<byte> target, out long offset)
    {
        while (true)
        {
            offset = Math.Max(position, _journal.Oldest);
            int count = (int)Math.Min(target.Length, _journal.Written - offset);
            if (count <= 0) return 0;
            _journal.Read(offset, count).CopyTo(target);
            if (_journal.Oldest <= offset) return count;
        }
    }

    /// <summary>Appends to the files, each up to its size.</summary>
    /// <returns>False when there are none any more.</returns>
    private bool Append(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (!bytes.IsEmpty)
            {
                if (_files is null) return false;
                int count = _files.Append(offset, bytes, isGap: offset != _logged);
                _lost += offset - _logged;
                offset += count;
                bytes = bytes[count..];
                Volatile.Write(ref _logged, offset);
            }

            if (_marks.HasMany) _marks.Save();
            return true;
        }
    }

    /// <summary>As <see cref="Copy"/>, with secrets covered, also those that begin before the position.</summary>
    /// <param name="position">Where to read.</param>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="isLast">Whether nothing will follow; null: when no program runs.</param>
    /// <param name="offset">Offset of the first byte.</param>
    private int CopyCovered(long position, Span<byte> target, bool? isLast, out long offset)
    {
        SecretMask mask = _mask();
        if (mask.IsEmpty) return Copy(position, target, out offset);
        int context = (int)Math.Min(mask.MaxLength, Math.Max(0, position - _journal.Oldest));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(context + target.Length);
        try
        {
            int count = Copy(position - context, buffer.AsSpan(0, context + target.Length), out long start);
            bool isAtEnd = start + count >= _journal.Written;
            // More may be there than is copied at once, whether or not anything will follow.
            count -= Cover(mask, buffer.AsSpan(0, count), isAtEnd && (isLast ?? !_isLive));
            // Where bytes before the first one are gone, a value may have been cut there: what may be the rest of it goes with them.
            int cut = start == _journal.First ? 0 : mask.MaxLength - 1;
            int skip = (int)Math.Max(cut, position - start);
            offset = start + skip;
            if (count <= skip) return 0;
            buffer.AsSpan(skip, count - skip).CopyTo(target);
            return count - skip;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Covers secrets. Returns the bytes at the end that must wait for what comes next.</summary>
    private static int Cover(SecretMask mask, Span<byte> bytes, bool isLast)
    {
        if (!isLast) return mask.ApplyToStream(bytes);
        mask.Apply(bytes);
        return 0;
    }

    private int ReadFiles(long position, Span<byte> target, out long offset)
    {
        IReadOnlyList<(long Offset, string Path)> files;
        lock (_gate) files = _files?.List() ?? [];
        return LogFiles.Read(files, position, target, out offset);
    }
}
