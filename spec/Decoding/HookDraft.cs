using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>A <c>[[hook]]</c> as it was read; a table of commands is not yet taken apart.</summary>
internal sealed record HookDraft
{
    public HookEvent Event { get; init; }

    public string? Name { get; init; }

    public CommandSet? Run { get; init; }

    public ValueList<Need> Needs { get; init; } = [];

    /// <summary>Null: that of <c>[hooks]</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    public int Retries { get; init; }

    public OnFailure OnFailure { get; init; }

    public string? User { get; init; }

    public Rerun? Rerun { get; init; }

    public ValueList<string> Inputs { get; init; } = [];

    /// <summary>For the positions of later errors.</summary>
    public TomlTable? Table { get; init; }
}
