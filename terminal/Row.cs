using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sessiond.Vt;

/// <summary>
/// One row of a live screen. Cells are allocated by the first write; from <see cref="Used"/> on all are default.
/// </summary>
internal sealed class Row
{
    private Cell[]? _cells;
    private bool _wrapped;

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

    /// <summary>Bytes held by the cells.</summary>
    public int AllocatedBytes => (_cells?.Length ?? 0) * Unsafe.SizeOf<Cell>();

    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, Used);

    public Cell this[int column] => column < Used ? _cells![column] : default;

    /// <summary>The row is as one that was never written to.</summary>
    public bool IsBlank => Size == LineSize.Single && !Wrapped && !Prompt && TrimmedLength() == 0;

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
        if (Used != 0)
        {
            Array.Clear(_cells!, 0, Used);
            Used = 0;
        }

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
    public int TrimmedLength() => Used > 0 && !_cells![Used - 1].IsDefault ? Used : Cells.LastIndexOfAnyExcept(default(Cell)) + 1;

    public void Release()
    {
        Clear();
        _cells = null;
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
