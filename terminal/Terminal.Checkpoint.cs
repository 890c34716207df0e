using System.Buffers;

namespace Sessiond.Vt;

/// <content>
/// Checkpoints: the whole state for another process of the same or a newer version. Screens and modes are a snapshot, which is held to be complete by its own
/// tests; the scrollback stays in its memory; after them comes what a client's terminal has no sequence for.
/// </content>
public sealed partial class Terminal
{
    /// <summary>First byte of a checkpoint; another layout gets another number.</summary>
    private const byte CheckpointVersion = 1;

    /// <summary>Colours of a palette (xterm ctlseqs, OSC 4).</summary>
    private const int MaxProfileColors = 256;

    private static readonly SnapshotOptions _checkpointSnapshot = new() { ScrollbackLines = 0 };

    /// <summary>
    /// Writes the state at <see cref="PublishOffset"/>, from where on the bytes must be fed to the restored terminal. Scrollback that it refers to is not changed by
    /// this terminal afterwards, only added to or freed.
    /// </summary>
    public void WriteCheckpoint(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var snapshot = new ArrayBufferWriter<byte>();
        WriteSnapshot(snapshot, _checkpointSnapshot);
        var writer = new ByteWriter();
        writer.Add(CheckpointVersion);
        writer.AddVarint((uint)Columns);
        writer.AddVarint((uint)Rows);
        writer.AddBlock(snapshot.WrittenSpan);
        _scrollback.WriteCheckpoint(writer);
        _parser.WriteCheckpoint(writer);
        WriteHiddenState(writer);
        WriteOwners(writer);
        WriteRanges(writer);
        WriteProfile(writer);
        output.Write(writer.Written);
    }

    /// <summary>Makes the terminal that wrote a checkpoint. Nobody is told anything, and nothing is answered.</summary>
    /// <param name="checkpoint">What <see cref="WriteCheckpoint"/> wrote.</param>
    /// <param name="options">As the terminal was made with; the size and the first position are the checkpoint's.</param>
    /// <param name="host">Told about what comes after.</param>
    /// <exception cref="InvalidDataException">This is no whole checkpoint, or one of a newer version.</exception>
    public static Terminal Restore(ReadOnlySpan<byte> checkpoint, TerminalOptions options, ITerminalHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        var reader = new CheckpointReader(checkpoint);
        if (reader.ReadByte() != CheckpointVersion)
        {
            throw new InvalidDataException("the checkpoint has an unknown version");
        }

        int columns = reader.ReadInt32();
        int rows = reader.ReadInt32();
        var terminal = new Terminal(options with { Columns = columns, Rows = rows }, SilentHost.Instance);
        terminal.Feed(reader.ReadBlock());
        terminal._ranges.Clear();
        terminal._scrollback.Restore(ref reader);
        terminal._parser.Restore(ref reader);
        terminal.ReadHiddenState(ref reader);
        terminal.ReadOwners(ref reader);
        terminal.ReadRanges(ref reader);
        terminal._profile = ReadProfile(ref reader);
        terminal._host = host;
        return terminal;
    }

    /// <summary>What a snapshot leaves out, because it would start something at a client or is of no use to it.</summary>
    private void WriteHiddenState(ByteWriter writer)
    {
        writer.AddInt64((long)_modes);
        writer.AddInt64((long)_touchedModes);
        writer.AddVarint((uint)(_lastGraphic + 1));
        writer.AddVarint((uint)_savedModes.Count);
        foreach ((int number, bool on) in _savedModes)
        {
            writer.AddVarint((uint)number);
            writer.Add(on ? (byte)1 : (byte)0);
        }
    }

    private void ReadHiddenState(ref CheckpointReader reader)
    {
        _modes = (ulong)reader.ReadInt64();
        _touchedModes = (ulong)reader.ReadInt64();
        _lastGraphic = reader.ReadInt32() - 1;
        _savedModes.Clear();
        for (uint count = reader.ReadVarint(); count > 0; count--)
        {
            int number = reader.ReadInt32();
            _savedModes[number] = reader.ReadBool();
        }
    }

    private void WriteOwners(ByteWriter writer)
    {
        writer.AddVarint((uint)_foregroundGroup);
        writer.AddVarint((uint)_modeOwners.Count);
        foreach ((int number, int owner) in _modeOwners)
        {
            writer.AddInt64(number);
            writer.AddVarint((uint)owner);
        }

        _primary.Keyboard.WriteOwners(writer);
        (_alternate?.Keyboard ?? new KeyboardStack()).WriteOwners(writer);
    }

    private void ReadOwners(ref CheckpointReader reader)
    {
        _foregroundGroup = reader.ReadInt32();
        _modeOwners.Clear();
        for (uint count = reader.ReadVarint(); count > 0; count--)
        {
            int number = (int)reader.ReadInt64();
            _modeOwners[number] = reader.ReadInt32();
        }

        _primary.Keyboard.ReadOwners(ref reader);
        (_alternate?.Keyboard ?? new KeyboardStack()).ReadOwners(ref reader);
    }

    private void WriteRanges(ByteWriter writer)
    {
        writer.AddInt64(_openCoveredTo);
        writer.AddVarint((uint)_ranges.Count);
        foreach (StreamRange range in _ranges)
        {
            writer.AddInt64(range.Start);
            writer.AddVarint((uint)(range.End - range.Start));
            writer.Add((byte)range.Kind);
        }
    }

    private void ReadRanges(ref CheckpointReader reader)
    {
        _openCoveredTo = reader.ReadInt64();
        for (uint count = reader.ReadVarint(); count > 0; count--)
        {
            long start = reader.ReadInt64();
            long end = start + reader.ReadVarint();
            _ranges.Add(new StreamRange(start, end, (StreamRangeKind)reader.ReadByte()));
        }
    }

    private void WriteProfile(ByteWriter writer)
    {
        writer.AddVarint((uint)_profile.Foreground);
        writer.AddVarint((uint)_profile.Background);
        writer.AddInt64(_profile.Cursor ?? -1);
        writer.AddVarint((uint)_profile.PixelWidth);
        writer.AddVarint((uint)_profile.PixelHeight);
        writer.Add(_profile.KittyKeyboard ? (byte)1 : (byte)0);
        writer.AddVarint((uint)_profile.Palette.Count);
        foreach (int color in _profile.Palette)
        {
            writer.AddVarint((uint)color);
        }
    }

    private static TerminalProfile ReadProfile(ref CheckpointReader reader)
    {
        var profile = new TerminalProfile
        {
            Foreground = reader.ReadInt32(),
            Background = reader.ReadInt32(),
            Cursor = reader.ReadInt64() is >= 0 and long cursor ? (int)cursor : null,
            PixelWidth = reader.ReadInt32(),
            PixelHeight = reader.ReadInt32(),
            KittyKeyboard = reader.ReadBool(),
        };
        int[] palette = new int[Math.Min(reader.ReadInt32(), MaxProfileColors)];
        foreach (ref int color in palette.AsSpan())
        {
            color = reader.ReadInt32();
        }

        return profile with { Palette = palette };
    }
}
