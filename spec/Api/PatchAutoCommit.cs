using System.Text.Json;

namespace Sessiond.Spec.Api;

/// <summary>PATCH /v1/auto-commit; what is absent stays.</summary>
public sealed record PatchAutoCommit
{
    /// <summary>On or off.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Time after the last edit: <c>"5s"</c>, or a number of seconds.</summary>
    public JsonElement? Interval { get; init; }
}
