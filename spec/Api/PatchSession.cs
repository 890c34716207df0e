namespace Sessiond.Spec.Api;

/// <summary>Body of PATCH /v1/sessions/{name}: what is absent stays.</summary>
public sealed record PatchSession
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to set; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>Title that replaces the program's until it sets one again.</summary>
    public string? Title { get; init; }
}
