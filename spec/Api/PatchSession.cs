namespace Sessiond.Spec.Api;

/// <summary>Body of PATCH /v1/sessions/{name}: what is absent stays.</summary>
public sealed record PatchSession
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>Labels to set; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }

    /// <summary>Variables for the next start; a null value: not set. Until then the session is <c>env_stale</c>.</summary>
    public IReadOnlyDictionary<string, string?>? Env { get; init; }

    /// <summary>Secrets for the next start: variable, and name of the secret; a null name takes one back.</summary>
    public IReadOnlyDictionary<string, string?>? Secrets { get; init; }

    /// <summary>Title that replaces the program's until it sets one again.</summary>
    public string? Title { get; init; }
}
