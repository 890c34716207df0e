namespace Sessiond.Vt;

/// <summary>Finds out whether a position of a stream is between two sequences, without a terminal.</summary>
public static class RestScan
{
    /// <summary>True when the bytes, which begin at rest, end at rest: inside no sequence, no character, and no string that is short enough to be held back.</summary>
    public static bool EndsAtRest(ReadOnlySpan<byte> bytes) => LastRest(bytes) == bytes.Length;

    /// <summary>Bytes up to the last place between two sequences, in bytes that begin at rest.</summary>
    public static int LastRest(ReadOnlySpan<byte> bytes)
    {
        var parser = new Parser<Nobody>(default, 0);
        parser.Feed(bytes);
        return (int)parser.RestOffset;
    }

    private readonly struct Nobody : IParserHandler
    {
        public void PrintAscii(ReadOnlySpan<byte> text)
        {
        }

        public int PrintUtf8(ReadOnlySpan<byte> bytes) => 0;

        public void PrintWide(ReadOnlySpan<int> codePoints)
        {
        }

        public void Execute(byte control)
        {
        }

        public void EscDispatch(ControlSequence sequence)
        {
        }

        public void CsiDispatch(ControlSequence sequence)
        {
        }

        public int TrySelectRendition(ReadOnlySpan<byte> bytes) => 0;

        public void TextDispatch(StringKind kind, ControlSequence sequence, ReadOnlySpan<byte> text, bool endedByBell)
        {
        }
    }
}
