namespace Sessiond.Vt;

/// <summary>First byte of an encoded row.</summary>
[Flags]
internal enum RowFlags : byte
{
    None = 0,
    Wrapped = 1,
    Padded = 2,
    Prompt = 4,

    /// <summary>The text is one byte for each cell.</summary>
    Ascii = 8,

    /// <summary><see cref="LineSize"/>, shifted by <see cref="RowCodec.SizeShift"/>.</summary>
    SizeMask = 0x30,
}
