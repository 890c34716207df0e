namespace Sessiond.Vt;

/// <summary>DECSWL, DECDWL and the two halves of DECDHL.</summary>
internal enum LineSize : byte
{
    Single,
    DoubleWidth,
    DoubleHeightTop,
    DoubleHeightBottom,
}
