namespace Sessiond.Terminal.Tests;

/// <summary>
/// The same bytes into @xterm/headless and into this engine. What differs on purpose is in terminal/DIFFERENCES.md, and the
/// grammar leaves it out. SESSIOND_XTERM_STREAMS sets the number of streams.
/// </summary>
public sealed class XtermTests(XtermReference reference) : IClassFixture<XtermReference>
{
    private const int Scrollback = 200;
    private static readonly int _streams = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_XTERM_STREAMS") ?? "4000");

    [Theory]
    [InlineData(20, 6, 1)]
    [InlineData(80, 24, 2)]
    public void Generated_streams_look_the_same(int columns, int rows, int series)
    {
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        for (int seed = series * 1_000_000; seed < (series * 1_000_000) + (_streams / 2); seed++)
        {
            List<byte[]> pieces = new XtermGrammar(seed, columns, rows).Pieces(40);
            if (Difference(pieces, columns, rows) is not null)
            {
                pieces = Shrinking.Shrink(pieces, p => Difference(p, columns, rows) is not null);
                Assert.Fail($"seed {seed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p))}\n- @xterm/headless, + sessiond\n{Difference(pieces, columns, rows)}");
            }
        }
    }

    [Theory]
    [InlineData(20, 6, 3)]
    public void Snapshots_bring_the_reference_to_the_same_state(int columns, int rows, int series)
    {
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        for (int seed = series * 1_000_000; seed < (series * 1_000_000) + (_streams / 10); seed++)
        {
            List<byte[]> pieces = new XtermGrammar(seed, columns, rows).Pieces(40);
            if (SnapshotDifference(pieces, columns, rows) is not null)
            {
                pieces = Shrinking.Shrink(pieces, p => SnapshotDifference(p, columns, rows) is not null);
                Assert.Fail($"seed {seed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p))}\n- @xterm/headless, + sessiond\n{SnapshotDifference(pieces, columns, rows)}");
            }
        }
    }

    private string? Difference(List<byte[]> pieces, int columns, int rows)
    {
        byte[] stream = [.. pieces.SelectMany(static p => p)];
        Vt.Terminal terminal = TestTerminals.Fresh(columns, rows, scrollback: Scrollback);
        terminal.Feed(stream);
        return StateAssert.Difference(reference.Show(columns, rows, Scrollback, stream), terminal.DescribeForComparison());
    }

    private string? SnapshotDifference(List<byte[]> pieces, int columns, int rows)
    {
        byte[] stream = [.. pieces.SelectMany(static p => p)];
        Vt.Terminal terminal = TestTerminals.Fresh(columns, rows, scrollback: Scrollback);
        terminal.Feed(stream);
        byte[] dirt = System.Text.Encoding.UTF8.GetBytes("old\r\nlines\e[?1049h\e[?1003;1006;2004;1004;1;66h\e[4h\e[?6;25l\e[31;44mx\e[2;4r\e(0\e[?7l\e]2;old");
        byte[] snapshot = TestTerminals.Snapshot(terminal);
        return StateAssert.Difference(reference.Show(columns, rows, Scrollback, dirt, snapshot), terminal.DescribeForComparison()) is { } difference
            ? StateAssert.Printable(snapshot) + "\n" + difference
            : null;
    }
}
