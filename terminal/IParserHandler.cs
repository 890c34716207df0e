namespace Sessiond.Vt;

/// <summary>What the parser found. Implemented by structs, so that the calls are direct.</summary>
internal interface IParserHandler
{
    /// <summary>Bytes 0x20-0x7E.</summary>
    void PrintAscii(ReadOnlySpan<byte> text);

    /// <summary>Prints characters from a byte that is not ASCII on, as many as need no more than to be kept as they are. Returns their bytes.</summary>
    int PrintUtf8(ReadOnlySpan<byte> bytes);

    /// <summary>Code points from U+00A0, with printable ASCII between them.</summary>
    void PrintWide(ReadOnlySpan<int> codePoints);

    /// <summary>A C0 control.</summary>
    void Execute(byte control);

    void EscDispatch(ControlSequence sequence);

    /// <summary>Acts on a whole SGR at the start of <paramref name="bytes"/>, the most frequent sequence by far. Returns its length, or 0 to have it parsed.</summary>
    int TrySelectRendition(ReadOnlySpan<byte> bytes);

    void CsiDispatch(ControlSequence sequence);

    /// <summary>A whole string; a DCS also has the sequence that opened it.</summary>
    void TextDispatch(StringKind kind, ControlSequence sequence, ReadOnlySpan<byte> text, bool endedByBell);
}
