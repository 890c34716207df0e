namespace Sessiond.Spec;

/// <summary>One thing that is wrong in a spec, and where.</summary>
/// <param name="File">The file as it was named to the loader.</param>
/// <param name="Line">Line, the first is 1.</param>
/// <param name="Column">Column in code points, the first is 1.</param>
/// <param name="Message">What is wrong, one line.</param>
public sealed record SpecError(string File, int Line, int Column, string Message)
{
    internal SpecError(SourcePosition position, string message)
        : this(position.File, position.Line, position.Column, message)
    {
    }

    /// <summary><c>FILE:LINE:COL: message</c>, as editors and compilers write it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
