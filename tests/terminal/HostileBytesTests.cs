
using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>T95: bytes that are made to hurt cost linear time and bounded memory.</summary>
public sealed class HostileBytesTests
{
    /// <summary>Far more than the engine needs, far less than anything quadratic would take.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("\e]2;", "title", 10_000_000)]
    [InlineData("\e]8;;http://", "link", 10_000_000)]
    [InlineData("\eP1;2q", "#0;2;0;0;0~~@@", 10_000_000)]
    [InlineData("\e_G", "AAAA", 10_000_000)]
    [InlineData("\e[", "1;", 2_000_000)]
    [InlineData("\e[4", ":3", 2_000_000)]
    [InlineData("\e[", "\n", 1_000_000)]
    [InlineData("a", "\u0301", 1_000_000)]
    [InlineData("", "a\e[2147483647b", 400_000)]
    [InlineData("", "\e[2147483647@\e[2147483647L\e[2147483647P\e[2147483647T", 400_000)]
    [InlineData("", "\e7\e[?1049h\e8\e[?1049l", 400_000)]
    [InlineData("\e[?2027h", "👩‍", 1_000_000)]
    [InlineData("", "\e[22;0t\e[#{\e[#P\e[>1u", 1_000_000)]
    public void T95_repetition_is_bounded(string start, string unit, int bytes)
    {
        var terminal = TestTerminals.Fresh(80, 24);
        byte[] chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, Math.Max(1, 64 * 1024 / Encoding.UTF8.GetByteCount(unit)))));
        terminal.Feed(start);
        TimeSpan before = Environment.CpuUsage.UserTime;
        for (int fed = 0; fed < bytes; fed += chunk.Length)
        {
            terminal.Feed(chunk);
            terminal.DropRangesBefore(terminal.PublishOffset);
        }

        Assert.InRange(Environment.CpuUsage.UserTime - before, TimeSpan.Zero, _limit);
        Assert.InRange(terminal.AllocatedBytes(), 0, 4 << 20);
        Assert.InRange(TestTerminals.Snapshot(terminal).Length, 0, 8 << 20);
    }

    [Fact]
    public void T95_a_million_styles_stay_bounded()
    {
        var terminal = TestTerminals.Fresh(80, 24);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 1_000_000; i++)
        {
            terminal.Feed($"\e[38;2;{i & 255};{(i >> 8) & 255};{i >> 16}m\e]8;id={i};http://h/{i}\ax\r");
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 << 20);
        Assert.StartsWith("x [0;38;2;63;66;15", terminal.DescribeCell(0, 0));
    }

    [Fact]
    public void T27_scrollback_keeps_to_its_budget()
    {
        var terminal = new Vt.Terminal(new Vt.TerminalOptions { ScrollbackLines = 1_000_000, ScrollbackBytes = 1 << 20 }, new RecordingHost());
        byte[] chunk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("y\r\n", 20_000)));
        for (int i = 0; i < 200; i++)
        {
            terminal.Feed(chunk);
        }

        Assert.InRange(terminal.AllocatedBytes(), 1 << 19, (1 << 20) + (1 << 19));
    }

    /// <summary>SESSIOND_FUZZ_STREAMS is the number of 4 KiB blocks, and the seed, for a long run by hand.</summary>
    [Fact]
    public void Random_bytes_never_throw()
    {
        int blocks = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_FUZZ_STREAMS") ?? "500");
        var random = new Random(95 + blocks);
        var bytes = new byte[4096];
        var terminal = TestTerminals.Fresh(33, 11);
        for (int i = 0; i < blocks; i++)
        {
            random.NextBytes(bytes);
            for (int j = 0; j < bytes.Length; j += random.Next(2, 40))
            {
                bytes[j] = (byte)"\e[];?m\a\u0018P"[random.Next(9)];
            }

            terminal.Feed(bytes);
            if (i % 10 == 0)
            {
                terminal.Resize(random.Next(0, 60), random.Next(0, 40));
                TestTerminals.Fresh(terminal.Columns, terminal.Rows).Feed(TestTerminals.Snapshot(terminal));
            }
        }

        terminal.Feed("\u0018\ecok");
        Assert.Equal("ok", terminal.RowText(0));
    }

    [Fact]
    public void Sizes_are_clamped()
    {
        var terminal = TestTerminals.Fresh(0, -5);
        Assert.Equal((1, 1), (terminal.Columns, terminal.Rows));
        terminal.Resize(100_000, 100_000);
        Assert.Equal((1000, 1000), (terminal.Columns, terminal.Rows));
    }
}
