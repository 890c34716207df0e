using System.Globalization;
using System.Text;

namespace Sessiond.Vt;

/// <content>The whole state in text, for tests that compare two terminals and show what differs.</content>
public sealed partial class Terminal
{
    internal string Describe(bool withScrollback = true)
    {
        var text = new StringBuilder();
        IFormatProvider f = CultureInfo.InvariantCulture;
        text.Append(f, $"size {Columns}x{Rows} alternate={AlternateScreen} cursor {_row},{_column} pending={_pendingWrap}\n");
        text.Append(f, $"pen {DescribeStyle(_pen)} iso={_isoProtection && _pen.Has(CellAttributes.Protected)} {DescribeCharsets(_charsets)} shift={_singleShift}\n");
        text.Append(f, $"margins {_top}-{_bottom} {_left}-{_right} modes {_modes & ~ModeTable.Bits(ModeTraits.Transient):x} shape={_cursorShape} extent={_rectangleExtent} 8bit={_eightBitReplies}\n");
        text.Append(f, $"mouse {string.Join(',', _mouse.InOrder)} = {_mouse.Tracking}/{_mouse.Encoding}\n");
        text.Append(f, $"tabs {string.Join(',', Enumerable.Range(0, Columns).Where(x => _tabStops[x]))}\n");
        text.Append(f, $"saved modes {string.Join(',', _savedModes.Where(m => m.Key is not (2026 or 2048)))} keys {string.Join(',', _modifyKeys)}\n");
        text.Append(f, $"title {Title}|{_iconName}|{string.Join(',', _titleStack)}|{_cwdUri}\n");
        text.Append(f, $"colors {DescribeColors(_colors.Changed)} stack {string.Join('/', _colors.Stack.Select(DescribeColors))}\n");
        text.Append(f, $"pens {string.Join('/', _penStack.Select(p => DescribeStyle(p.Pen) + p.Parts))}\n");
        if (withScrollback)
        {
            text.Append(f, $"scrollback {_scrollback.Count}\n");
            foreach (ReadOnlyMemory<byte> encoded in _scrollback.ReadLast(int.MaxValue))
            {
                var row = new Row();
                _codec.Decode(encoded.Span, row, Columns);
                DescribeRow(text, row, "<");
            }
        }

        DescribeScreen(text, _primary, "primary");
        if (_alternate is { } alternate && (AlternateScreen || alternate.UsedRows() > 0 || !alternate.Saved.Equals(SavedCursor.Home) || !alternate.Keyboard.IsDefault))
        {
            DescribeScreen(text, alternate, "alternate");
        }

        return text.ToString();
    }

    internal string DescribeCell(int row, int column)
    {
        Cell cell = _screen[row][column];
        return TextOf(cell) + " " + DescribeStyle(_styles[cell.Style]);
    }

    internal string RowText(int row)
    {
        var text = new StringBuilder();
        Row cells = _screen[row];
        for (int x = 0; x < cells.TrimmedLength(); x++)
        {
            text.Append(cells[x].IsTail ? "" : cells[x].IsEmpty ? " " : TextOf(cells[x]));
        }

        return text.ToString();
    }

    internal bool IsWrapped(int row) => _screen.RowAt(row).Wrapped;

    internal int DescribeMode(int number, bool isPrivate) => ModeState(number, isPrivate);

    private static string DescribeCharsets(Charsets sets) =>
        $"sets {(char)sets[0]}{(char)sets[1]}{(char)sets[2]}{(char)sets[3]} {sets.Left}{sets.Right}";

    private static string DescribeColors(uint?[]? colors) => colors is null || colors.All(static c => c is null)
        ? "-"
        : string.Join(',', colors.Select(static (color, i) => (color, i)).Where(static c => c.color is not null).Select(static c => Invariant($"{c.i}={c.color:x6}")));

    private string DescribeStyle(in Style style)
    {
        string link = style.Link == 0 ? "" : Invariant($" link {_links[style.Link].Id}|{_links[style.Link].Uri}");
        return "[" + SgrWriter.Describe(style) + (style.Has(CellAttributes.Protected) ? " protected" : "") + link + "]";
    }

    private string TextOf(Cell cell)
    {
        if (cell.IsTail)
        {
            return "<";
        }

        if (cell.IsEmpty)
        {
            return "_";
        }

        return cell.IsCluster
            ? string.Concat(_graphemes[cell.Value].ToArray().Select(char.ConvertFromUtf32))
            : char.ConvertFromUtf32((int)cell.Value);
    }

    private void DescribeScreen(StringBuilder text, Screen screen, string name)
    {
        IFormatProvider f = CultureInfo.InvariantCulture;
        SavedCursor saved = screen.Saved;
        KeyboardStack keyboard = screen.Keyboard;
        text.Append(f, $"{name} saved {saved.Row},{saved.Column} {IsPending(screen, saved)} {saved.Origin} {DescribeStyle(saved.Pen)} {DescribeCharsets(saved.Charsets)}");
        text.Append(f, $" keyboard {string.Join(',', Enumerable.Range(0, keyboard.Depth).Select(keyboard.Below))}>{keyboard.Flags}\n");
        for (int y = 0; y < screen.UsedRows(); y++)
        {
            DescribeRow(text, screen[y], Invariant($"{y}"));
        }
    }

    private void DescribeRow(StringBuilder text, Row row, string name)
    {
        text.Append(name).Append(' ').Append(row.Size == LineSize.Single ? "" : row.Size.ToString()).Append(row.Prompt ? "P" : "").Append('|');
        uint style = 0;
        for (int x = 0; x < row.TrimmedLength(); x++)
        {
            if (row[x].Style != style)
            {
                style = row[x].Style;
                text.Append(DescribeStyle(_styles[style]));
            }

            text.Append(TextOf(row[x])).Append(row[x].IsWide ? "w" : "");
        }

        text.Append(row.Wrapped ? "|>" : "|").Append('\n');
    }
}
