using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>How to reach a devbox: a table of the user's <c>devboxes.toml</c>.</summary>
public sealed record DevboxAddress
{
    /// <summary>The name that <c>sessiond connect</c> takes: the table's.</summary>
    public required string Name { get; init; }

    /// <summary>URL of its endpoint.</summary>
    public string Url { get; init; } = "";

    /// <summary>File with the bearer token; null: none. A leading <c>~/</c> is the home folder.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Run, and waited for, when the devbox does not answer; null: nothing.</summary>
    public Command? Resume { get; init; }
}
