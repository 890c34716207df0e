namespace Sessiond.Spec.Api;

/// <summary>A winsize as JSON.</summary>
/// <param name="Cols">Columns, 1..1000.</param>
/// <param name="Rows">Rows, 1..1000.</param>
public sealed record SizeObject(int Cols, int Rows);
