namespace Sessiond.Vt;

/// <summary>What DECSC keeps (VT420 manual, DECSC; xterm adds nothing that a program can see).</summary>
internal struct SavedCursor : IEquatable<SavedCursor>
{
    public int Row;
    public int Column;
    public bool PendingWrap;
    public bool Origin;
    public Style Pen;
    public Charsets Charsets;

    /// <summary>What DECRC goes to when nothing was saved.</summary>
    public static SavedCursor Home => new() { Charsets = Charsets.Default };

    public readonly bool Equals(SavedCursor other) =>
        Row == other.Row && Column == other.Column && PendingWrap == other.PendingWrap && Origin == other.Origin
        && Pen.Equals(other.Pen) && Charsets.Equals(other.Charsets);

    public override readonly bool Equals(object? obj) => obj is SavedCursor other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Row, Column, Pen);
}
