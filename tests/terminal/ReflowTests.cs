using System.Buffers;
using System.Text;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>Changes of size lose no text, and the way back leads to where it began.</summary>
public sealed class ReflowTests
{
    private static readonly string[] _units = ["a", "Z", "9", "日", "本", "é", "ｆ", "😀", "e\u0301", "─", "#", "\e[31mr\e[m", "\e[44mb\e[m"];

    [Fact]
    public void T21_Text_with_wide_cells_survives_80_20_200_80()
    {
        for (int seed = 0; seed < 80; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int line = random.Next(1, 60); line > 0; line--)
            {
                for (int length = random.Next(4) == 0 ? random.Next(400) : random.Next(60); length > 0; length--)
                {
                    text.Append(_units[random.Next(_units.Length)]);
                }

                text.Append("\r\n");
            }

            Vt.Terminal terminal = TestTerminals.Fresh(80, 24, scrollback: 10_000);
            terminal.Feed(text.ToString());
            string before = terminal.DescribeForComparison();
            string letters = Letters(terminal);
            foreach ((int columns, int rows) in (ReadOnlySpan<(int, int)>)[(20, 24), (200, 50), (2, 5), (80, 24)])
            {
                terminal.Resize(columns, rows);
                StateAssert.Same(letters, Letters(terminal), () => $"seed {seed} at {columns}x{rows}");
            }

            StateAssert.Same(before, terminal.DescribeForComparison(), () => $"seed {seed}");
        }
    }

    /// <summary>Rows are read from the memory of the old scrollback while those of the new one are written.</summary>
    [Fact]
    public void T21_A_long_scrollback_survives_each_change_of_size()
    {
        Vt.Terminal terminal = TestTerminals.Fresh(80, 24, scrollback: 20_000);
        terminal.Feed(string.Concat(Enumerable.Range(1, 4000).Select(static i => $"\e[38;5;{i % 256}m{i}\e[m{new string((char)('a' + (i % 26)), i % 90)}\r\n")));
        string letters = Letters(terminal);
        foreach (int columns in (ReadOnlySpan<int>)[79, 20, 200, 81, 80])
        {
            terminal.Resize(columns, 24);
            StateAssert.Same(letters, Letters(terminal), () => $"at {columns}");
        }
    }

    /// <summary>All text from the first row of the scrollback on, whatever rows it is in.</summary>
    private static string Letters(Vt.Terminal terminal)
    {
        var output = new ArrayBufferWriter<byte>();
        ScreenRenderer.WriteText(terminal, output, int.MaxValue);
        return Encoding.UTF8.GetString(output.WrittenSpan).Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
    }
}
