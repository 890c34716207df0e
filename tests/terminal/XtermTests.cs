using System.Collections.Concurrent;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// The same bytes into @xterm/headless and into this engine. What differs on purpose is in terminal/DIFFERENCES.md, and the
/// grammar leaves it out or says it in other words. A long run by hand: SESSIOND_XTERM_STREAMS is the number of streams and
/// SESSIOND_XTERM_SEED the first seed.
/// </summary>
public sealed class XtermTests(XtermReference reference)
{
    private const int Scrollback = 200;
    private const int PiecesInStream = 40;

    /// <summary>Streams that go to the other engine at once.</summary>
    private const int Batch = 50;

    /// <summary>Failures that are shown at once.</summary>
    private const int MaxFailures = 12;

    private static readonly int _streams = Number("SESSIOND_XTERM_STREAMS", 20_000);
    private static readonly int _firstSeed = Number("SESSIOND_XTERM_SEED", 0);

    private static ParallelOptions Parallelism => new() { MaxDegreeOfParallelism = Math.Min(8, Environment.ProcessorCount), CancellationToken = TestContext.Current.CancellationToken };

    [Theory]
    [InlineData(20, 6, 1, 60)]
    [InlineData(80, 24, 2, 15)]
    [InlineData(9, 4, 3, 25)]
    public void Generated_streams_look_the_same(int columns, int rows, int series, int percent) =>
        ForEachBatch(series, _streams * percent / 100, columns, rows, Differences);

    [Theory]
    [InlineData(20, 6, 4, 10)]
    [InlineData(9, 4, 5, 5)]
    public void Snapshots_bring_the_reference_to_the_same_state_and_on(int columns, int rows, int series, int percent) =>
        ForEachBatch(series, _streams * percent / 100, columns, rows, SnapshotDifferences);

    private static int Number(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}");

    /// <summary>What differs, or null, for each stream.</summary>
    private delegate string?[] Compare(List<List<XtermPiece>> streams, int columns, int rows);

    private static void ForEachBatch(int series, int count, int columns, int rows, Compare compare)
    {
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        int first = (series * 10_000_000) + _firstSeed;
        ConcurrentBag<string> failures = [];
        Parallel.For(0, (count + Batch - 1) / Batch, Parallelism, (batch, loop) =>
        {
            if (failures.Count >= MaxFailures)
            {
                loop.Stop();
                return;
            }

            int start = first + (batch * Batch);
            List<List<XtermPiece>> streams = [];
            for (int seed = start; seed < Math.Min(start + Batch, first + count); seed++)
            {
                streams.Add(new XtermGrammar(seed, columns, rows).Pieces(PiecesInStream));
            }

            string?[] differences = compare(streams, columns, rows);
            int failed = Array.FindIndex(differences, static difference => difference is not null);
            if (failed >= 0)
            {
                List<XtermPiece> pieces = Shrinking.Shrink(streams[failed], p => compare([p], columns, rows)[0] is not null);
                failures.Add($"seed {start + failed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p.Ours))}\n"
                    + $"theirs {StateAssert.Printable(pieces.SelectMany(static p => p.Theirs))}\n- @xterm/headless, + sessiond\n{compare([pieces], columns, rows)[0]}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    private string?[] Differences(List<List<XtermPiece>> streams, int columns, int rows)
    {
        string[] theirs = reference.Show(streams.Select(pieces => new XtermJob(columns, rows, Scrollback).Feed(Theirs(pieces))));
        return [.. streams.Select((pieces, i) =>
        {
            Vt.Terminal terminal = TestTerminals.Fresh(columns, rows, scrollback: Scrollback);
            terminal.Feed(Ours(pieces));
            return StateAssert.Difference(theirs[i], terminal.DescribeForComparison());
        })];
    }

    /// <summary>A dirty reference, our snapshot at some piece, and the rest of the stream.</summary>
    private string?[] SnapshotDifferences(List<List<XtermPiece>> streams, int columns, int rows)
    {
        List<XtermJob> jobs = [];
        List<(string Ours, byte[] Snapshot)> expected = [];
        foreach (List<XtermPiece> pieces in streams)
        {
            int at = pieces.Count / 2;
            Vt.Terminal terminal = TestTerminals.Fresh(columns, rows, scrollback: Scrollback);
            terminal.Feed(Ours(pieces[..at]));
            byte[] snapshot = TestTerminals.Snapshot(terminal);
            string ours = terminal.DescribeForComparison();
            terminal.Feed(Ours(pieces[at..]));
            expected.Add((ours + terminal.DescribeForComparison(), snapshot));
            jobs.Add(new XtermJob(columns, rows, Scrollback).Feed(TestTerminals.DirtForReference).Feed(snapshot).Show().Feed(Theirs(pieces[at..])));
        }

        string[] theirs = reference.Show(jobs);
        return [.. expected.Select((e, i) => StateAssert.Difference(theirs[i], e.Ours) is { } difference
            ? StateAssert.Printable(e.Snapshot) + "\n" + difference
            : null)];
    }

    private static byte[] Ours(IEnumerable<XtermPiece> pieces) => [.. pieces.SelectMany(static p => p.Ours)];

    private static byte[] Theirs(IEnumerable<XtermPiece> pieces) => [.. pieces.SelectMany(static p => p.Theirs)];
}
