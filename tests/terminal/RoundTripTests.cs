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

    private static string? Check(List<byte[]> pieces, int columns, int rows, int seed) =>
        RoundTrip.Check([.. pieces.SelectMany(static p => p)], columns, rows, seed, cuts: 3);
}
