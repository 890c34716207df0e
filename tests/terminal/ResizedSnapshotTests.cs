namespace Sessiond.Terminal.Tests;

/// <summary>I1 after a change of size: what reflow made is brought over by a snapshot as well.</summary>
public sealed class ResizedSnapshotTests
{
    /// <summary>For each size; SESSIOND_FUZZ_STREAMS for a long run by hand.</summary>
    private static readonly int _streams = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_FUZZ_STREAMS") ?? "900") / 3;

    public static TheoryData<string> Names() => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void I1_A_recording_that_was_reflowed_is_brought_over(string name)
    {
        var recording = Recording.Read(name);
        Vt.Terminal terminal = TestTerminals.Fresh(recording.Columns, recording.Rows);
        var random = new Random(name.Length);
        foreach (byte[] read in recording.Reads)
        {
            terminal.Feed(read);
            if (random.Next(4) == 0)
            {
                terminal.Resize(random.Next(2, 130), random.Next(2, 50));
                Vt.Terminal restored = TestTerminals.Restored(terminal);
                StateAssert.Same(terminal.Describe(), restored.Describe(), () => $"{name} at {terminal.Columns}x{terminal.Rows}");
            }
        }
    }

    [Theory]
    [InlineData(20, 6, 500_000)]
    [InlineData(5, 3, 510_000)]
    [InlineData(40, 12, 520_000)]
    public void I1_Generated_streams_that_were_reflowed_are_brought_over(int columns, int rows, int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + _streams; seed++)
        {
            // A cluster that was too wide for the last column stays narrow when columns are added, which no bytes can tell.
            List<byte[]> pieces = [.. new StreamGrammar(seed, columns, rows).Pieces(40).Where(static piece => piece.AsSpan().IndexOf("2027"u8) < 0)];
            if (Check(pieces, columns, rows, seed) is not null)
            {
                pieces = Shrinking.Shrink(pieces, p => Check(p, columns, rows, seed) is not null);
                Assert.Fail($"seed {seed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p))}\n{Check(pieces, columns, rows, seed)}");
            }
        }
    }

    /// <summary>Resizes at its half and at its end; the snapshot after each must bring the same state.</summary>
    private static string? Check(List<byte[]> pieces, int columns, int rows, int seed)
    {
        var random = new Random(seed);
        Vt.Terminal terminal = TestTerminals.Fresh(columns, rows);
        foreach (List<byte[]> part in (List<byte[]>[])[pieces[..(pieces.Count / 2)], pieces[(pieces.Count / 2)..]])
        {
            terminal.Feed([.. part.SelectMany(static p => p)]);
            // One row cannot tell that the line above, in the scrollback, goes on in it, and one column holds no wide cell.
            terminal.Resize(random.Next(2, columns * 2), random.Next(2, rows * 2));
            if (StateAssert.Difference(terminal.Describe(), TestTerminals.Restored(terminal).Describe()) is { } difference)
            {
                return $"resized to {terminal.Columns}x{terminal.Rows}\nsnapshot {StateAssert.Printable(TestTerminals.Snapshot(terminal))}\n{difference}";
            }
        }

        return null;
    }
}
