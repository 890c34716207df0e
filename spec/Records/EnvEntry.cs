namespace Sessiond.Spec;

/// <summary>One variable of <c>[env]</c>, and what is done to it.</summary>
public sealed record EnvEntry
{
    /// <summary>The variable.</summary>
    public required string Name { get; init; }

    /// <summary>Its value; null: it is not set but changed. May hold <c>${…}</c>.</summary>
    public string? Value { get; init; }

    /// <summary>Put before what is there, joined by <c>:</c>.</summary>
    public ValueList<string> Prepend { get; init; } = [];

    /// <summary>Put behind what is there, joined by <c>:</c>.</summary>
    public ValueList<string> Append { get; init; } = [];

    /// <summary>The variable is removed.</summary>
    public bool Unset { get; init; }
}
