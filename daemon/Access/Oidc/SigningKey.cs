using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sessiond.Daemon.Access.Oidc;

/// <summary>One public key of an issuer (RFC 7517), RSA or elliptic.</summary>
/// <param name="Id">The <c>kid</c> that tokens name; null: the issuer names none.</param>
/// <param name="Rsa">For RS and PS algorithms.</param>
/// <param name="Curve">For ES algorithms.</param>
internal sealed record SigningKey(string? Id, RSA? Rsa, ECDsa? Curve)
{
    /// <summary>Bits of RSA below which a key is no protection (NIST SP 800-131A).</summary>
    private const int MinRsaBits = 2048;

    /// <summary>Reads a key; null when it is not one that signs, or of an unknown kind.</summary>
    internal static SigningKey? Read(JsonElement key)
    {
        if (JsonWebToken.Text(key, "use") is { } use && use != "sig") return null;
        string? id = JsonWebToken.Text(key, "kid");
        try
        {
            return JsonWebToken.Text(key, "kty") switch
            {
                "RSA" => ReadRsa(id, key),
                "EC" => ReadCurve(id, key),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>True when the signature is this key's. The algorithm is one of a closed list and must fit the key's kind, so that a token cannot choose a weaker one.</summary>
    internal bool Verifies(string algorithm, byte[] signed, byte[] signature) => algorithm switch
    {
        "RS256" or "RS384" or "RS512" => Rsa?.VerifyData(signed, signature, HashOf(algorithm), RSASignaturePadding.Pkcs1) == true,
        "PS256" or "PS384" or "PS512" => Rsa?.VerifyData(signed, signature, HashOf(algorithm), RSASignaturePadding.Pss) == true,
        "ES256" when Curve?.KeySize == 256 => Curve.VerifyData(signed, signature, HashOf(algorithm)),
        "ES384" when Curve?.KeySize == 384 => Curve.VerifyData(signed, signature, HashOf(algorithm)),
        "ES512" when Curve?.KeySize == 521 => Curve.VerifyData(signed, signature, HashOf(algorithm)),
        _ => false,
    };

    private static HashAlgorithmName HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    private static SigningKey? ReadRsa(string? id, JsonElement key)
    {
        var rsa = RSA.Create(new RSAParameters { Modulus = Number(key, "n"), Exponent = Number(key, "e") });
        return rsa.KeySize >= MinRsaBits ? new SigningKey(id, rsa, null) : null;
    }

    private static SigningKey? ReadCurve(string? id, JsonElement key)
    {
        ECCurve? curve = JsonWebToken.Text(key, "crv") switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        if (curve is not { } named) return null;
        var point = new ECPoint { X = Number(key, "x"), Y = Number(key, "y") };
        return new SigningKey(id, null, ECDsa.Create(new ECParameters { Curve = named, Q = point }));
    }

    private static byte[] Number(JsonElement key, string name) => Base64Url.DecodeFromChars(JsonWebToken.Text(key, name) ?? throw new FormatException(name));
}
