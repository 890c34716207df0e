using System.Buffers;
using System.Buffers.Binary;
using Sessiond.Holder;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Checkpoints, and beginning again from one: what is restored is fed the bytes that came after it. Effects outside the engine that the daemon before us made, or was about to make, are not made again.
/// </summary>
internal sealed partial class Session
{
    /// <summary>Bytes since the last checkpoint after which there is another: half of the ring, which holds what is not covered.</summary>
    private const int CheckpointBytes = Journal.DefaultCapacity / 2;

    /// <summary>Bytes after which there is one at once, although what the bytes before it cause (answers, events) may not have happened yet: the ring is nearly full.</summary>
    private const int UrgentCheckpointBytes = Journal.DefaultCapacity / 4 * 3;

    /// <summary>Bytes for which a quiet moment is used, so that a daemon which comes after us has little to feed.</summary>
    private const int QuietCheckpointBytes = 32 * 1024;

    /// <summary>Milliseconds without output that are a quiet moment.</summary>
    private const int QuietCheckpointDelay = 1000;

    private bool _quietCheckpointDue; // loop's thread

    /// <summary>The engine as the journal's checkpoint has it, or a new one.</summary>
    private Terminal RestoreTerminal(TerminalOptions options)
    {
        if (!_journal.Checkpoint.IsEmpty)
        {
            try
            {
                ReadOnlySpan<byte> checkpoint = _journal.Checkpoint.Span;
                int beside = BinaryPrimitives.ReadInt32LittleEndian(checkpoint);
                Terminal terminal = Terminal.Restore(checkpoint[(sizeof(int) + beside)..], options, _host);
                ReadBeside(checkpoint.Slice(sizeof(int), beside));
                _journal.EndAdoption();
                return terminal;
            }
            catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IndexOutOfRangeException)
            {
                _services.Logger.CheckpointLost(_definition.Name, exception.Message);
                _journal.DropCheckpoint();
                _restPoints.Clear();
            }
        }

        // What was there before cannot be told from what is answered: nobody goes on from it.
        _rangesFrom = _journal.Oldest;
        return new Terminal(options with { StartOffset = _journal.Oldest }, _host);
    }

    /// <summary>Feeds what came after the checkpoint. Before anybody else has the session.</summary>
    /// <param name="foregroundGroup">Who is in the foreground now, and therefore, most likely, who printed it.</param>
    private void Replay(int foregroundGroup)
    {
        _foregroundGroup = foregroundGroup;
        using (Enter())
        {
            _terminal.ForegroundGroup = foregroundGroup;
            long known = Math.Min(_journal.Effects, _journal.Written);
            _host.IsMuted = true;
            if (_fed < known) _terminal.Feed(_journal.Read(_fed, (int)(known - _fed)));
            _fed = Math.Max(_fed, known);
            _host.IsMuted = false;
            FeedUnderGate();
        }
    }

    /// <summary>Takes a checkpoint now.</summary>
    private void CheckpointUnderGate()
    {
        var bytes = new ArrayBufferWriter<byte>(16 * 1024);
        byte[] beside = WriteBeside();
        Span<byte> length = bytes.GetSpan(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(length, beside.Length);
        bytes.Advance(sizeof(int));
        bytes.Write(beside);
        _terminal.WriteCheckpoint(bytes);
        _journal.Keep(bytes.WrittenSpan, _terminal.PublishOffset);
    }

    /// <summary>Takes a checkpoint when there is much to cover, and has one taken at the next pause when there is some. Loop's thread, after what the bytes caused.</summary>
    private void CheckpointSoon()
    {
        if (_fed - _journal.Covered >= CheckpointBytes) TryCheckpoint();
        if (_quietCheckpointDue || _fed - _journal.Covered < QuietCheckpointBytes) return;
        _quietCheckpointDue = true;
        Schedule(QuietCheckpointDelay, CheckpointWhenQuiet);
    }

    private void CheckpointWhenQuiet()
    {
        _quietCheckpointDue = false;
        if (_fed - _journal.Covered < QuietCheckpointBytes) return;
        bool isQuiet = Environment.TickCount64 - _lastFeed >= QuietCheckpointDelay;
        if (!isQuiet || !TryCheckpoint())
        {
            CheckpointSoon();
            return;
        }

        // Whoever left the gate to us may have left output waiting too.
        if (IsFeedBlocked) ResumeFeed();
    }

    private bool TryCheckpoint()
    {
        if (!_gate.TryEnter()) return false;
        try
        {
            CheckpointUnderGate();
        }
        finally
        {
            _gate.Exit();
        }

        return true;
    }

    /// <summary>What is not the engine's: where messages may end, and where the size changed last.</summary>
    private byte[] WriteBeside()
    {
        ReadOnlySpan<long> points = _restPoints.All;
        byte[] bytes = new byte[sizeof(int) + (points.Length + 1) * sizeof(long)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, points.Length);
        for (int i = 0; i < points.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(int) + i * sizeof(long)), points[i]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(int) + points.Length * sizeof(long)), LastSizeOffset);
        return bytes;
    }

    private void ReadBeside(ReadOnlySpan<byte> bytes)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        for (int i = 0; i < count; i++) _restPoints.Restore(BinaryPrimitives.ReadInt64LittleEndian(bytes[(sizeof(int) + i * sizeof(long))..]));
        _sizesKnownFrom = BinaryPrimitives.ReadInt64LittleEndian(bytes[(sizeof(int) + count * sizeof(long))..]);
    }
}
