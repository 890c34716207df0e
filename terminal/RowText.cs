using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sessiond.Vt;

/// <summary>
/// What was printed into a row from left to right, as <see cref="RowCodec"/> encodes text: a line of a log passes over the screen into the scrollback as the bytes
/// that it came as, and never becomes cells.
/// </summary>
internal sealed class RowText
{
    /// <summary>A longer buffer is given back: a thousand cells of ordinary text fit, a thousand clusters of 32 code points do not.</summary>
    private const int KeptBytes = 4096;

    private byte[] _bytes = [];
    private int _length;
    private Run[] _runs = [];
    private int _runCount;

    /// <summary>Where the cluster lies that the text ends with.</summary>
    private int _clusterAt;

    /// <summary>Where that cluster ends; the text ends with one while this is its length.</summary>
    private int _clusterEnd;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Neighbours have different styles; cells before the first have the default style.</summary>
    public ReadOnlySpan<Run> Runs => _runs.AsSpan(0, _runCount);

    /// <summary>Bytes held.</summary>
    public int AllocatedBytes => _bytes.Length + _runs.Length * Unsafe.SizeOf<Run>();

    public void Clear()
    {
        if (_bytes.Length > KeptBytes)
        {
            _bytes = [];
        }

        _length = 0;
        _runCount = 0;
        _clusterEnd = 0;
    }

    /// <summary>Adds cells that nothing was written to.</summary>
    public void AddGap(int column, int count)
    {
        SetStyle(column, 0);
        Extend(count).Clear();
    }

    /// <summary>Adds printable ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddAscii(int column, ReadOnlySpan<byte> text, uint style)
    {
        SetStyle(column, style);
        text.CopyTo(Extend(text.Length));
    }

    /// <summary>Adds one character that is no mark.</summary>
    public void Add(int column, int codePoint, uint style)
    {
        SetStyle(column, style);
        Span<byte> room = Extend(ByteWriter.MaxUtf8Bytes);
        _length -= ByteWriter.MaxUtf8Bytes - ByteWriter.EncodeUtf8(codePoint, ref room[0]);
    }

    /// <summary>Adds characters up to a control, a mark, what is ill-formed, and what has no room or may be cut.</summary>
    /// <param name="column">Where they go.</param>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="room">Cells that may be used.</param>
    /// <param name="style">Number of their style.</param>
    /// <param name="width">Cells used.</param>
    /// <param name="last">The last character.</param>
    /// <returns>Bytes added.</returns>
    public int AddUtf8(int column, ReadOnlySpan<byte> bytes, int room, uint style, out int width, out int last)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int i = 0;
        int used = 0;
        int code = 0;
        while (i <= bytes.Length - sizeof(uint))
        {
            uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, i));
            if ((four & 0x80) == 0)
            {
                int printable = Math.Min(Utf8.PrintableLength(four), room - used);
                if (printable == 0)
                {
                    break;
                }

                i += printable;
                used += printable;
                code = Unsafe.Add(ref first, i - 1);
                continue;
            }

            int length = Utf8.Decode(four, out int next);
            int cells = length == 0 ? 0 : UnicodeTable.Width(next);
            if (cells == 0 || used + cells > room)
            {
                break;
            }

            code = next;
            i += length;
            used += cells;
        }

        width = used;
        last = code;
        if (i > 0)
        {
            SetStyle(column, style);
            bytes[..i].CopyTo(Extend(i));
        }

        return i;
    }

    /// <summary>Adds a mark to the last character, of at most <see cref="GraphemeTable.MaxCodePoints"/>.</summary>
    public void AddMark(int codePoint)
    {
        if (_clusterEnd != _length)
        {
            BeginCluster();
        }

        ref byte count = ref _bytes[_clusterAt + 1];
        if (count < GraphemeTable.MaxCodePoints)
        {
            count++;
            Span<byte> room = Extend(ByteWriter.MaxUtf8Bytes);
            _length -= ByteWriter.MaxUtf8Bytes - ByteWriter.EncodeUtf8(codePoint, ref room[0]);
            _clusterEnd = _length;
        }
    }

    public void MarkStyles(StyleTable styles)
    {
        foreach (Run run in Runs)
        {
            styles.Mark(run.Style);
        }
    }

    /// <summary>Makes a cluster of the last character.</summary>
    private void BeginCluster()
    {
        int start = _length - 1;
        while ((_bytes[start] & 0xC0) == 0x80)
        {
            start--;
        }

        Extend(2);
        _bytes.AsSpan(start, _length - 2 - start).CopyTo(_bytes.AsSpan(start + 2));
        _bytes[start] = RowCodec.ClusterToken;
        _bytes[start + 1] = 1;
        _clusterAt = start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetStyle(int column, uint style)
    {
        if (_runCount == 0 ? style != 0 : _runs[_runCount - 1].Style != style)
        {
            AddRun(column, style);
        }
    }

    private void AddRun(int column, uint style)
    {
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(8, _runs.Length * 2));
        }

        _runs[_runCount++] = new Run(column, style);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Extend(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, _length + count)));
        }

        Span<byte> room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }

    /// <summary>Cells from <paramref name="Column"/> on have this style.</summary>
    public readonly record struct Run(int Column, uint Style);
}
