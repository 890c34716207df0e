namespace Sessiond.Spec.Api;

/// <summary>Body of POST /v1/tokens.</summary>
public sealed record CreateToken
{
    /// <summary>What the token is for; unique.</summary>
    public string? Name { get; init; }

    /// <summary><c>observe</c>, <c>control</c>, <c>manage</c> or <c>admin</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>Whom it stands for; absent: who asks.</summary>
    public string? User { get; init; }

    /// <summary>How long it is good for, such as <c>24h</c>; absent: until it is revoked.</summary>
    public string? Expires { get; init; }
}
