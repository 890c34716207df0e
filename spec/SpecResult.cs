namespace Sessiond.Spec;

/// <summary>A spec as far as it could be read, and all that was wrong with it.</summary>
/// <remarks>An error in one session takes that session away and leaves the others: the daemon runs what is right and reports the rest.</remarks>
public sealed record SpecResult
{
    /// <summary>The spec. Keys with an error have their default; sessions and hooks with an error are left out.</summary>
    public required DevboxSpec Spec { get; init; }

    /// <summary>
    /// What the image and the platform say, without the workspace's layers and without what is imported from there: all that counts for processes of users whom a workspace may not name.
    /// Its hooks and sessions are those of <see cref="Spec"/>, and are not here.
    /// </summary>
    public required DevboxSpec Image { get; init; }

    /// <summary>All errors, in the order of files, lines and columns; empty: the spec is right.</summary>
    public required IReadOnlyList<SpecError> Errors { get; init; }

    /// <summary>What is odd but does no harm, in the same order.</summary>
    public IReadOnlyList<SpecError> Warnings { get; init; } = [];

    /// <summary>Sessions that are left out: name and first reason. A second session of a name is only an error, for the first one runs.</summary>
    public required IReadOnlyDictionary<string, string> BrokenSessions { get; init; }

    /// <summary>Names of hooks that are left out.</summary>
    public IReadOnlySet<string> BrokenHooks { get; init; } = new HashSet<string>();

    /// <summary>The files that were read, weakest first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What each layer says, weakest first; what is imported comes last, though it is weaker than all.</summary>
    public IReadOnlyList<SpecContribution> Contributions { get; init; } = [];

    /// <summary>Writes the errors, one a line: <c>FILE:LINE:COL: message</c>.</summary>
    public void WriteErrors(TextWriter output)
    {
        foreach (SpecError error in Errors) output.WriteLine(error.ToString());
    }

    /// <summary>Writes the warnings, one a line: <c>FILE:LINE:COL: warning: message</c>.</summary>
    public void WriteWarnings(TextWriter output)
    {
        foreach (SpecError warning in Warnings) output.WriteLine((warning with { Message = "warning: " + warning.Message }).ToString());
    }
}
