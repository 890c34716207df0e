namespace Sessiond.Terminal.Tests;

/// <summary>
/// Seeded streams: however they are cut, and wherever they are interrupted by a snapshot into another terminal, the
/// end is the same. SESSIOND_FUZZ_STREAMS sets the number for a long run by hand.
/// </summary>
public sealed class RoundTripTests
{
    private const int StreamLength = 60;
    private static readonly int _streams = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_FUZZ_STREAMS") ?? "1200");

    [Theory]
    [InlineData(20, 6, false, 100_000)]
    [InlineData(7, 3, true, 200_000)]
    [InlineData(1, 1, true, 300_000)]
    [InlineData(40, 12, true, 400_000)]
    public void Streams_come_to_the_same_end_however_they_are_cut(int columns, int rows, bool garbage, int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + (_streams / 4); seed++)
        {
            List<byte[]> pieces = new StreamGrammar(seed, columns, rows) { WithGarbage = garbage }.Pieces(StreamLength);
            if (Check(pieces, columns, rows, seed) is not null)
            {
                pieces = Shrinking.Shrink(pieces, p => Check(p, columns, rows, seed) is not null);
                Assert.Fail($"seed {seed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p))}\n{Check(pieces, columns, rows, seed)}");
            }
        }
    }

    private static string? Check(List<byte[]> pieces, int columns, int rows, int seed)
    {
        byte[] stream = [.. pieces.SelectMany(static p => p)];
        var whole = TestTerminals.Fresh(columns, rows);
        whole.Feed(stream);
        string expected = whole.Describe();

        var host = new RecordingHost();
        var bytewise = TestTerminals.Fresh(columns, rows, host);
        for (int i = 0; i < stream.Length; i++)
        {
            bytewise.Feed(stream.AsSpan(i, 1));
        }

        if (StateAssert.Difference(expected, bytewise.Describe()) is { } difference)
        {
            return "byte by byte\n" + difference;
        }

        var random = new Random(seed);
        for (int i = 0; i < 3; i++)
        {
            if (CheckAt(stream, random.Next(stream.Length + 1), expected, columns, rows) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>Snapshot into a dirty terminal at a position, twice; then the rest of the stream.</summary>
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
        string context = $"\nat {from} of {StateAssert.Printable(stream)}\nsnapshot {StateAssert.Printable(snapshot)}";
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
        if (StateAssert.Difference(state, restored.Describe()) is { } twice)
        {
            return "restored twice" + context + "\n" + twice;
        }

        restored.Feed(stream.AsSpan(from));
        return StateAssert.Difference(expected, restored.Describe()) is { } after ? "after the rest" + context + "\n" + after : null;
    }
}
