namespace Sessiond.Daemon.Access;

/// <summary>A token as it is kept: never its value.</summary>
internal sealed record StoredToken
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>Whom it stands for.</summary>
    public required string User { get; init; }

    public required Scope Scope { get; init; }

    /// <summary>SHA-256 of the value, in hexadecimal.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
