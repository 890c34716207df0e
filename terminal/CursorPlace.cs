namespace Sessiond.Vt;

/// <summary>Where a cursor is, for following it through a reflow.</summary>
internal readonly record struct CursorPlace(int Row, int Column, bool PendingWrap);
