using System.Buffers;
using System.Text;
using Sessiond.Vt;


namespace Sessiond.Terminal.Tests;

/// <summary>Terminals for tests: fresh, dirty, restored.</summary>
internal static class TestTerminals
{
    /// <summary>Leaves a terminal in as bad a state as a client's can be in: other screen, modes, margins, and inside a string.</summary>
    private const string Dirt =
        "rubbish\e]2;old title\a\e[22;0t\e]4;1;#123456\a\e]11;#222222\a\e[31;1;4:3;44mred\e]8;id=x;http://old\e\\link"
        + "\e7\e[?1003;1006;1015;1004;2004;1;66;5;45;1045h\e[?1000;1016h\e[>5u\e[=3u\e[4 q\e[?25l\e[4h\e[20h\e(0\e)A\u000e\e[3g\e[3GH"
        + "\e[1\"q\e[?12;1034;1036;9001;2031;2048s\e[1;4#{\e[#P\e[>4;2m\e[>1;3m\e[2*x\e G\e]7;file://h/old\a\e]1;icon\a\e]133;A\a"
        + "\e#6wide\r\nmore\r\n\e[?47hold alternate\e[?47l\e[?2027h\e[?1049h\e[2;5r\e[?69h\e[2;9s\e[?6h\e[?7l\e[>7u\e[>1u\e7xx\e[?3;40;42;95h\e[?2026h\e]52;c;";

    /// <summary>As bad a state as @xterm/headless can be in and come out of: what it does not know it need not forget.</summary>
    public static ReadOnlySpan<byte> DirtForReference =>
        "old\r\nlines\e[?1049h\e[?1003;1006;2004;1004;1;66h\e[4h\e[?6;25l\e[31;44mx\e[2;4r\e(0\e[?7l\e[3 q\e[1\"q\e[3g\e7\e[?45h\u000e\e]8;;http://old\u0007\e[4:3m\e]2;old"u8;

    public static Vt.Terminal Fresh(int columns, int rows, ITerminalHost? host = null, int scrollback = 1000) =>
        new(new TerminalOptions { Columns = columns, Rows = rows, ScrollbackLines = scrollback }, host ?? new RecordingHost());

    public static Vt.Terminal Dirty(int columns, int rows, ITerminalHost? host = null, int scrollback = 1000)
    {
        Vt.Terminal terminal = Fresh(columns, rows, host, scrollback);
        for (int i = 0; i < rows + 5; i++)
        {
            terminal.Feed("old scrollback\r\n"u8);
        }

        terminal.Feed(Encoding.UTF8.GetBytes(Dirt));
        return terminal;
    }

    public static byte[] Snapshot(Vt.Terminal terminal, SnapshotOptions? options = null)
    {
        var output = new ArrayBufferWriter<byte>();
        terminal.WriteSnapshot(output, options ?? new SnapshotOptions());
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A dirty terminal after the snapshot of another.</summary>
    public static Vt.Terminal Restored(Vt.Terminal from, ITerminalHost? host = null, bool dirty = true)
    {
        Vt.Terminal to = dirty ? Dirty(from.Columns, from.Rows, host) : Fresh(from.Columns, from.Rows, host);
        to.Feed(Snapshot(from));
        return to;
    }

    public static void Feed(this Vt.Terminal terminal, string text) => terminal.Feed(Encoding.UTF8.GetBytes(text));
}
