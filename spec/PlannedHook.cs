using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>A hook whose place among the others is being worked out.</summary>
internal sealed class PlannedHook
{
    public required HookSpec Spec { get; set; }

    /// <summary>The name of the entry it was written in: of several commands in one table, all have the same.</summary>
    public required string Group { get; init; }

    /// <summary>Of <c>[hooks]</c>, whose order is given; the long forms follow.</summary>
    public required bool IsShort { get; init; }

    /// <summary>Number of the entry among all.</summary>
    public required int Entry { get; init; }

    /// <summary>Its table, for a long form.</summary>
    public TomlTable? Table { get; init; }

    /// <summary>Where it stands.</summary>
    public required SourcePosition Start { get; init; }

    public SourcePosition Position(string key) => Table?.PositionOf(key) ?? Start;
}
