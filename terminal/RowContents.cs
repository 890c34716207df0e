namespace Sessiond.Vt;

/// <summary>What may be in a row beside ASCII characters of the default style, so that encoding need not look.</summary>
[Flags]
internal enum RowContents : byte
{
    None = 0,

    /// <summary>Characters that are not ASCII.</summary>
    Characters = 1,

    /// <summary>Cells of another style than the default one.</summary>
    Styles = 2,

    /// <summary>It was edited in a way that nobody kept account of.</summary>
    Unknown = 4,
}
