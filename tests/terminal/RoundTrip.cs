namespace Sessiond.Terminal.Tests;

/// <summary>
/// Interrupts a stream by a snapshot into another terminal, and cuts it into pieces of any length; the end must be the same.
/// </summary>
internal static class RoundTrip
{
    /// <summary>
    /// Byte by byte, in random pieces, looked at in between, and at <paramref name="cuts"/> positions over a snapshot. Null, or what differs.
    /// </summary>
    public static string? Check(byte[] stream, int columns, int rows, int seed, int cuts)
    {
        var whole = TestTerminals.Fresh(columns, rows);
        whole.Feed(stream);
        string expected = whole.Describe();
        var random = new Random(seed);
        if (CheckPieces(stream, expected, columns, rows, static () => 1) is { } bytewise)
        {
            return "byte by byte\n" + bytewise;
        }

        if (CheckPieces(stream, expected, columns, rows, () => random.Next(1, 40)) is { } pieces)
        {
            return "in random pieces\n" + pieces;
        }

        // Rows that were looked at are cells, others are still text.
        if (CheckPieces(stream, expected, columns, rows, () => random.Next(1, 40), static terminal => terminal.Describe()) is { } cells)
        {
            return "looked at in between\n" + cells;
        }

        for (int i = 0; i < cuts; i++)
        {
            if (CheckAt(stream, random.Next(stream.Length + 1), expected, columns, rows) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>
    /// Gives a job for a reference that was used for something else: our snapshot at a position, then the rest. Returns what ours
    /// shows after the snapshot and at the end.
    /// </summary>
    public static string IntoReference(byte[] stream, int at, int columns, int rows, int scrollback, XtermJob job)
    {
        Vt.Terminal original = TestTerminals.Fresh(columns, rows, scrollback: scrollback);
        original.Feed(stream.AsSpan(0, at));
        int from = (int)original.PublishOffset;
        string state = original.DescribeForComparison();
        job.Feed(TestTerminals.DirtForReference).Feed(TestTerminals.Snapshot(original)).Show().Feed(XtermDialect.Translate(stream.AsSpan(from)));
        original.Feed(stream.AsSpan(at));
        return state + original.DescribeForComparison();
    }

    private static string? CheckPieces(byte[] stream, string expected, int columns, int rows, Func<int> length, Action<Vt.Terminal>? look = null)
    {
        Vt.Terminal terminal = TestTerminals.Fresh(columns, rows);
        for (int i = 0; i < stream.Length;)
        {
            int end = Math.Min(stream.Length, i + length());
            terminal.Feed(stream.AsSpan(i, end - i));
            terminal.DropRangesBefore(terminal.PublishOffset);
            look?.Invoke(terminal);
            i = end;
        }

        return StateAssert.Difference(expected, terminal.Describe());
    }

    /// <summary>Snapshot into a fresh and into a dirty terminal at a position, twice; then the rest of the stream.</summary>
    private static string? CheckAt(byte[] stream, int at, string expected, int columns, int rows)
    {
        var original = TestTerminals.Fresh(columns, rows);
        original.Feed(stream.AsSpan(0, at));
        int from = (int)original.PublishOffset;
        byte[] snapshot = TestTerminals.Snapshot(original);

        // What is unfinished has had no effect, so the state is also that at the position where the snapshot stands.
        string state = original.Describe();
        var host = new RecordingHost();
        var restored = TestTerminals.Dirty(columns, rows, host);
        host.ClearReplies();
        restored.Feed(snapshot);
        string context = $"\nat {from} of {Shown(stream)}\nsnapshot {Shown(snapshot)}";
        if (StateAssert.Difference(state, restored.Describe()) is { } difference)
        {
            return "restored" + context + "\n" + difference;
        }

        if (host.Replies.Length > 0)
        {
            return "the snapshot was answered: " + StateAssert.Printable(System.Text.Encoding.Latin1.GetBytes(host.Replies)) + context;
        }

        if (!snapshot.AsSpan().SequenceEqual(TestTerminals.Snapshot(restored)))
        {
            return "not stable" + context + "\nagain " + StateAssert.Printable(TestTerminals.Snapshot(restored));
        }

        restored.Feed(snapshot);
        var fresh = TestTerminals.Fresh(columns, rows);
        fresh.Feed(snapshot);
        foreach ((string name, Vt.Terminal terminal) in (ReadOnlySpan<(string, Vt.Terminal)>)[("restored twice", restored), ("restored into a fresh one", fresh)])
        {
            if (StateAssert.Difference(state, terminal.Describe()) is { } other)
            {
                return name + context + "\n" + other;
            }

            terminal.Feed(stream.AsSpan(from));
            if (StateAssert.Difference(expected, terminal.Describe()) is { } after)
            {
                return name + ", after the rest" + context + "\n" + after;
            }
        }

        return null;
    }

    private static string Shown(byte[] bytes) => bytes.Length > 20_000 ? $"{bytes.Length} bytes" : StateAssert.Printable(bytes);
}
