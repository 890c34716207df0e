using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Access.Oidc;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>Tokens of an issuer: only what is signed by it, for us, and in time, opens the door.</summary>
public sealed class JwtVerifierTests : IDisposable
{
    private const string Issuer = "https://login.example.com";
    private readonly TestTime _time = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JwtVerifier _verifier;
    private bool _isDown;
    private int _fetches;

    public JwtVerifierTests()
    {
        var spec = new OidcSpec { Issuer = Issuer, Audience = "sessiond", AdminRole = "devbox-admin" };
        _verifier = new JwtVerifier(spec, FetchAsync, _time, NullLogger.Instance);
    }

    [Theory]
    [InlineData("RS256", "rsa")]
    [InlineData("PS384", "rsa")]
    [InlineData("ES256", "ec")]
    public async Task A_good_token_is_its_user_who_manages_what_is_theirs(string algorithm, string key)
    {
        Identity identity = (await _verifier.VerifyAsync(Token(Claims(), algorithm, key)))!;
        Assert.Equal(("alice@example.com", Scope.Manage), (identity.User, identity.Scope));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(11), identity.Credential!.ExpiresAt);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("groups")]
    [InlineData("realm_access")]
    public async Task The_admin_role_makes_an_admin(string claim)
    {
        Dictionary<string, object> claims = Claims();
        claims[claim] = claim == "realm_access" ? new Dictionary<string, object> { ["roles"] = new[] { "devbox-admin" } } : new[] { "other", "devbox-admin" };
        Assert.Equal(Scope.Admin, (await _verifier.VerifyAsync(Token(claims, "RS256", "rsa")))!.Scope);
    }

    [Theory]
    [InlineData("iss", "https://login.example.com.evil.org")]
    [InlineData("aud", "another")]
    [InlineData("aud", null)]
    [InlineData("email", null)]
    [InlineData("email", "")]
    [InlineData("exp", -120)]
    [InlineData("exp", null)]
    [InlineData("nbf", 300)]
    public async Task A_wrong_or_missing_claim_refuses(string claim, object? value)
    {
        Dictionary<string, object> claims = Claims();
        if (value is null) claims.Remove(claim);
        else claims[claim] = value is int seconds ? _time.GetUtcNow().ToUnixTimeSeconds() + seconds : value;
        Assert.Null(await _verifier.VerifyAsync(Token(claims, "RS256", "rsa")));
    }

    [Fact]
    public async Task A_signature_that_is_not_the_issuers_refuses()
    {
        string good = Token(Claims(), "RS256", "rsa");
        string[] parts = good.Split('.');
        byte[] publicKey = _rsa.ExportSubjectPublicKeyInfo();
        string headerOfHmac = Encode(Encoding.UTF8.GetBytes("{\"alg\":\"HS256\",\"kid\":\"rsa\"}"));
        string headerOfNone = Encode(Encoding.UTF8.GetBytes("{\"alg\":\"none\",\"kid\":\"rsa\"}"));
        using RSA stranger = RSA.Create(2048);
        string strangers = Encode(stranger.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        string[] wrong =
        [
            $"{parts[0]}.{parts[1]}.", $"{headerOfNone}.{parts[1]}.", $"{headerOfNone}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.{strangers}",
            $"{headerOfHmac}.{parts[1]}.{Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes($"{headerOfHmac}.{parts[1]}")))}",
            $"{parts[0]}.{Encode(Encoding.UTF8.GetBytes("{\"iss\":\"https://login.example.com\"}"))}.{parts[2]}",
            Token(Claims(), "RS256", "rsa").Replace("RS", "rs", StringComparison.Ordinal)[..20], "a.b.c", "..", "",
        ];
        foreach (string token in wrong) Assert.Null(await _verifier.VerifyAsync(token));
        Assert.NotNull(await _verifier.VerifyAsync(good));
    }

    [Fact]
    public async Task An_issuer_that_is_down_lets_nobody_in_and_is_not_asked_again_and_again()
    {
        _isDown = true;
        for (int i = 0; i < 5; i++) Assert.Null(await _verifier.VerifyAsync(Token(Claims(), "RS256", "rsa")));
        Assert.Equal(1, _fetches);
        _isDown = false;
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull(await _verifier.VerifyAsync(Token(Claims(), "RS256", "rsa")));
    }

    public void Dispose()
    {
        _verifier.Dispose();
        _rsa.Dispose();
        _curve.Dispose();
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private Dictionary<string, object> Claims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = new[] { "other", "sessiond" },
        ["email"] = "alice@example.com",
        ["exp"] = _time.GetUtcNow().ToUnixTimeSeconds() + 600,
    };

    private string Token(Dictionary<string, object> claims, string algorithm, string key)
    {
        string signed = $"{Encode(Encoding.UTF8.GetBytes($"{{\"alg\":\"{algorithm}\",\"kid\":\"{key}\"}}"))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = algorithm switch
        {
            "ES256" => _curve.SignData(bytes, HashAlgorithmName.SHA256),
            "PS384" => _rsa.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            _ => _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Encode(signature)}";
    }

    private Task<byte[]> FetchAsync(Uri address)
    {
        _fetches++;
        if (_isDown) throw new IOException("no route to host");
        RSAParameters rsa = _rsa.ExportParameters(false);
        ECParameters curve = _curve.ExportParameters(false);
        string json = address.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? $"{{\"issuer\":\"{Issuer}\",\"jwks_uri\":\"{Issuer}/keys\"}}"
            : $$"""
              {"keys":[{"kty":"oct","kid":"odd"},
              {"kty":"RSA","use":"sig","kid":"rsa","n":"{{Encode(rsa.Modulus!)}}","e":"{{Encode(rsa.Exponent!)}}"},
              {"kty":"EC","kid":"ec","crv":"P-256","x":"{{Encode(curve.Q.X!)}}","y":"{{Encode(curve.Q.Y!)}}"}]}
              """;
        return Task.FromResult(Encoding.UTF8.GetBytes(json));
    }
}
