namespace Sessiond.Spec;

/// <summary>Where a key or a value stands in a file.</summary>
/// <param name="File">The file as it was named to the loader.</param>
/// <param name="Line">Line, the first is 1.</param>
/// <param name="Column">Column in code points, the first is 1.</param>
internal readonly record struct SourcePosition(string File, int Line, int Column);
