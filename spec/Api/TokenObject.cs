namespace Sessiond.Spec.Api;

/// <summary>A token of the TCP endpoint, as /v1/tokens tells it.</summary>
public sealed record TokenObject
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>Whom it stands for.</summary>
    public required string User { get; init; }

    /// <summary>What it allows.</summary>
    public required string Scope { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; null: when it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Its value, only in the answer that made it.</summary>
    public string? Token { get; init; }
}
