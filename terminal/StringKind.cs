namespace Sessiond.Vt;

/// <summary>Control strings of ECMA-48, named by the byte after ESC that opens them.</summary>
internal enum StringKind : byte
{
    None = 0,
    Osc = (byte)']',
    Dcs = (byte)'P',
    Apc = (byte)'_',
    Pm = (byte)'^',
    Sos = (byte)'X',
}
