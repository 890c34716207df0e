using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>I11: what a terminal takes (docs/invariants.md).</summary>
public sealed class MemoryTests
{
    private const int Megabyte = 1_000_000;

    [Fact]
    public void I11_A_cell_takes_eight_bytes() => Assert.Equal(8, Unsafe.SizeOf<Cell>());

    [Fact]
    public void I11_Ten_thousand_lines_of_a_coloured_build_log_take_a_megabyte_and_a_half()
    {
        var terminal = new Vt.Terminal(new TerminalOptions { Columns = 80, Rows = 24, ScrollbackLines = 10_000 }, new RecordingHost());
        var log = new StringBuilder();
        for (int i = 0; i < 10_100; i++)
        {
            log.Append(CultureInfo.InvariantCulture, $"\e[2m12:{i / 60 % 60:00}:{i % 60:00}\e[0m \e[3{i % 7}mmodule-{i % 37,-3}\e[0m \e[1;32mok\e[0m compiled src/part{i % 91}/file{i}.c to object number {i * 7919 % 100_000,5} …\r\n");
        }

        terminal.Feed(Encoding.UTF8.GetBytes(log.ToString()));
        Assert.Equal(10_000, terminal.ScrollbackCount);
        Assert.InRange(terminal.AllocatedBytes(), 100_000, 3 * Megabyte / 2);
    }

    [Fact]
    public void I11_An_empty_terminal_holds_no_cells() => Assert.InRange(TestTerminals.Fresh(200, 60).AllocatedBytes(), 0, 16_000);

    [Fact]
    public void T18_Eight_thousand_marks_on_a_cell_stay_a_cell()
    {
        Vt.Terminal terminal = TestTerminals.Fresh(80, 24);
        terminal.Feed("a" + new string('\u0301', 8000) + "b");
        Assert.Equal((0, 2), (terminal.CursorRow, terminal.CursorColumn));
        Assert.InRange(terminal.AllocatedBytes(), 0, 20_000);
        Assert.InRange(TestTerminals.Snapshot(terminal).Length, 0, 4096);
    }
}
