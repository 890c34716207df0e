namespace Sessiond.Spec;

/// <summary>An OpenID Connect issuer whose tokens are accepted on TCP.</summary>
public sealed record OidcSpec
{
    /// <summary>URL of the issuer.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>What the token must be for.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Claim that names the user.</summary>
    public string UserClaim { get; init; } = "email";

    /// <summary>Role that gives scope <c>admin</c>; null: nobody.</summary>
    public string? AdminRole { get; init; }
}
