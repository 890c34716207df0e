using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sessiond.Vt;

/// <summary>
/// One row of a live screen: text while it is only added to at its end, cells as soon as anything else is done with it
/// (<see cref="Screen"/> makes them). Cells are allocated by the first write; from <see cref="Used"/> on all are default.
/// </summary>
internal sealed class Row
{
    private Cell[]? _cells;
    private RowText? _text;
    private bool _wrapped;

    /// <summary>The row is text: it has no cells yet.</summary>
    public bool IsText { get; private set; }

    /// <summary>What it is while it is text.</summary>
    public RowText Text => _text!;

    /// <summary>End of the cells that may differ from the default cell.</summary>
    public int Used;

    /// <summary>The text goes on in the next row: the cursor wrapped here.</summary>
    public bool Wrapped
    {
        get => _wrapped;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            _wrapped = value;
            Padded &= value;
        }
    }

    /// <summary>It wrapped because a wide character did not fit into the last cell, which is no part of the text.</summary>
    public bool Padded { get; set; }

    /// <summary>A shell said that its prompt starts here (OSC 133;A).</summary>
    public bool Prompt;

    public LineSize Size;

    /// <summary>What its cells may hold; whoever writes cells that <see cref="Reserve"/> gave adds to it.</summary>
    public RowContents Contents;

    /// <summary>Bytes held by the cells and the text.</summary>
    public int AllocatedBytes => (_cells?.Length ?? 0) * Unsafe.SizeOf<Cell>() + (_text?.AllocatedBytes ?? 0);

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, Used);

    public Cell this[int column] => column < Used ? _cells![column] : default;

    /// <summary>The row is as one that was never written to.</summary>
    public bool IsBlank => Size == LineSize.Single && !Wrapped && !Prompt && TrimmedLength() == 0;

    /// <summary>Text may be added at a column: the row has nothing there and behind it, and no cells before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOpenAt(int column) => column >= Used && (IsText || Used == 0);

    /// <summary>Adds printable ASCII where <see cref="IsOpenAt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddAscii(int column, ReadOnlySpan<byte> text, uint style)
    {
        Open(column).AddAscii(column, text, style);
        Used = column + text.Length;
        Contents |= style != 0 ? RowContents.Styles : RowContents.None;
    }

    /// <summary>Adds one character where <see cref="IsOpenAt"/>.</summary>
    public void Add(int column, int codePoint, int width, uint style)
    {
        Open(column).Add(column, codePoint, style);
        Used = column + width;
        Contents |= (codePoint < 0x80 ? RowContents.None : RowContents.Characters) | (style != 0 ? RowContents.Styles : RowContents.None);
    }

    /// <summary>Adds characters at the end of the text; see <see cref="RowText.AddUtf8"/>.</summary>
    public int AddUtf8(ReadOnlySpan<byte> bytes, int room, uint style, out int width, out int last)
    {
        int length = Open(Used).AddUtf8(Used, bytes, room, style, out width, out last);
        Used += width;
        IsText = Used > 0;
        Contents |= RowContents.Characters | (style != 0 ? RowContents.Styles : RowContents.None);
        return length;
    }

    /// <summary>Adds a mark to the last character of the text.</summary>
    public void AddMark(int codePoint)
    {
        _text!.AddMark(codePoint);
        Contents |= RowContents.Characters;
    }

    /// <summary>Ends being text; whoever calls has read it and fills the cells that are returned.</summary>
    public Span<Cell> TakeCells(int columns)
    {
        int end = Used;
        IsText = false;
        Used = 0;
        Span<Cell> cells = Reserve(end, columns)[..end];
        Used = end;
        return cells;
    }

    /// <summary>All cells up to <paramref name="end"/> for writing; <see cref="Used"/> covers them afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<Cell> Writable(int end, int columns)
    {
        Span<Cell> cells = Reserve(end, columns);
        Contents = RowContents.Unknown;
        if (Used < end)
        {
            Used = end;
        }

        return cells;
    }

    /// <summary>As <see cref="Writable"/>, for a caller that sets <see cref="Used"/> and <see cref="Contents"/> to what it wrote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<Cell> Reserve(int end, int columns) => _cells is { } held && held.Length >= end ? held : Allocate(end, columns);

    /// <summary>Makes the row blank. The cells stay allocated, as rows of a scrolling screen are written again.</summary>
    public void Clear()
    {
        if (IsText)
        {
            IsText = false;
        }
        else if (Used != 0)
        {
            Array.Clear(_cells!, 0, Used);
        }

        Used = 0;
        Wrapped = false;
        Prompt = false;
        Size = LineSize.Single;
        Contents = RowContents.None;
    }

    /// <summary>Fills the whole row with an erased cell.</summary>
    public void Clear(Cell fill, int columns)
    {
        Clear();
        if (!fill.IsDefault)
        {
            Writable(columns, columns)[..columns].Fill(fill);
        }
    }

    /// <summary>Length without the default cells at the end.</summary>
    public int TrimmedLength() => IsText || (Used > 0 && !_cells![Used - 1].IsDefault) ? Used : Cells.LastIndexOfAnyExcept(default(Cell)) + 1;

    public void Release()
    {
        Clear();
        _cells = null;
        _text = null;
    }

    public void Truncate(int columns)
    {
        if (Used > columns)
        {
            Array.Clear(_cells!, columns, Used - columns);
            Used = columns;
        }
    }

    public void CopyFrom(Row other, int columns)
    {
        Clear();
        other.Cells.CopyTo(Writable(other.Used, columns));
        (Wrapped, Padded, Prompt, Size) = (other.Wrapped, other.Padded, other.Prompt, other.Size);
    }

    /// <summary>Widens printable ASCII into cells of one style. The caller has taken care of wide neighbours.</summary>
    public static void WriteAscii(Span<Cell> target, ReadOnlySpan<byte> text, uint style)
    {
        ulong high = (ulong)style << 32;
        ref ulong cells = ref Unsafe.As<Cell, ulong>(ref MemoryMarshal.GetReference(target));
        ref byte bytes = ref MemoryMarshal.GetReference(text);
        int length = Math.Min(text.Length, target.Length);
        int i = 0;
        if (Avx2.IsSupported)
        {
            Vector256<ulong> styles = Vector256.Create(high);
            for (; i <= length - 8; i += 8)
            {
                Vector128<byte> chars = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, i))).AsByte();
                (Avx2.ConvertToVector256Int64(chars).AsUInt64() | styles).StoreUnsafe(ref cells, (nuint)i);
                chars = Vector128.ShiftRightLogical(chars.AsUInt64(), 32).AsByte();
                (Avx2.ConvertToVector256Int64(chars).AsUInt64() | styles).StoreUnsafe(ref cells, (nuint)(i + 4));
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<ulong> styles = Vector128.Create(high);
            for (; i <= length - 8; i += 8)
            {
                var chars = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, i))).AsByte());
                Vector128<uint> low = Vector128.WidenLower(chars);
                Vector128<uint> upper = Vector128.WidenUpper(chars);
                (Vector128.WidenLower(low) | styles).StoreUnsafe(ref cells, (nuint)i);
                (Vector128.WidenUpper(low) | styles).StoreUnsafe(ref cells, (nuint)(i + 2));
                (Vector128.WidenLower(upper) | styles).StoreUnsafe(ref cells, (nuint)(i + 4));
                (Vector128.WidenUpper(upper) | styles).StoreUnsafe(ref cells, (nuint)(i + 6));
            }
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref cells, i) = high | Unsafe.Add(ref bytes, i);
        }
    }

    /// <summary>The text, up to a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RowText Open(int column)
    {
        if (!IsText)
        {
            _text ??= new RowText();
            _text.Clear();
            Contents = RowContents.None;
            IsText = true;
        }

        if (column > Used)
        {
            _text!.AddGap(Used, column - Used);
        }

        return _text!;
    }

    private Cell[] Allocate(int end, int columns)
    {
        // Rows that hold a short prompt take a quarter of a wide terminal's row.
        int length = end <= 32 ? Math.Min(32, Math.Max(columns, end)) : Math.Max(columns, end);
        var cells = new Cell[length];
        _cells.AsSpan(0, Used).CopyTo(cells);
        _cells = cells;
        return cells;
    }
}
