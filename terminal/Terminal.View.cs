namespace Sessiond.Vt;

/// <content>What renderers read.</content>
public sealed partial class Terminal
{
    /// <summary>Column of the cursor, from 0.</summary>
    public int CursorColumn => _column;

    /// <summary>Row of the cursor, from 0.</summary>
    public int CursorRow => _row;

    /// <summary>The cursor is shown (DECTCEM).</summary>
    public bool CursorVisible => Is(Mode.CursorVisible);

    /// <summary>"default", "block", "underline" or "bar", with "blinking_" before it when it blinks (DECSCUSR).</summary>
    public string CursorShapeName => _cursorShape switch
    {
        1 => "blinking_block",
        2 => "block",
        3 => "blinking_underline",
        4 => "underline",
        5 => "blinking_bar",
        6 => "bar",
        _ => "default",
    };

    /// <summary>The program wants to know when its terminal gains or loses the focus (DECSET 1004).</summary>
    public bool ReportsFocus => Is(Mode.FocusEvents);

    internal LinkTable Links => _links;

    internal uint DefaultForeground => ColorAt(ColorTable.Foreground);

    internal uint DefaultBackground => ColorAt(ColorTable.Background);

    internal ref readonly Style Style(uint id) => ref _styles[id];

    internal ReadOnlySpan<int> Cluster(uint number) => _graphemes[number];

    /// <summary>A colour of a style as 0xRRGGBB; null for the default.</summary>
    internal uint? ColorOf(uint color) => Color.Kind(color) switch
    {
        Color.Default => null,
        Color.Rgb => Color.Value(color),
        _ => ColorAt((int)Color.Value(color)),
    };

    /// <summary>Rows of scrollback and of the shown screen, without blank ones at the end unless all are wanted.</summary>
    internal IEnumerable<Row> RowsToRender(int scrollbackLines, bool allRows = false)
    {
        if (!AlternateScreen && scrollbackLines > 0)
        {
            foreach (ReadOnlyMemory<byte> encoded in _scrollback.ReadLast(scrollbackLines))
            {
                var row = new Row();
                _codec.Decode(encoded.Span, row, Columns);
                yield return row;
            }
        }

        int end = allRows ? Rows : _screen.UsedRows();
        for (int y = 0; y < end; y++)
        {
            yield return _screen[y];
        }
    }
}
