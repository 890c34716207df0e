using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Sessiond.Daemon.Access.Oidc;

/// <summary>A signed token taken apart (RFC 7519, RFC 7515 compact form). Nothing in it is true before its signature was verified.</summary>
internal sealed class JsonWebToken
{
    private JsonWebToken(JsonElement header, JsonElement claims, byte[] signed, byte[] signature)
    {
        Header = header;
        Claims = claims;
        Signed = signed;
        Signature = signature;
    }

    internal JsonElement Header { get; }

    internal JsonElement Claims { get; }

    /// <summary>The bytes that the signature is of.</summary>
    internal byte[] Signed { get; }

    internal byte[] Signature { get; }

    /// <summary>Takes a token apart; null when it is none.</summary>
    internal static JsonWebToken? Parse(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3) return null;
        try
        {
            JsonElement header = Decode(parts[0]);
            JsonElement claims = Decode(parts[1]);
            bool areObjects = header.ValueKind == JsonValueKind.Object && claims.ValueKind == JsonValueKind.Object;
            return areObjects
                ? new JsonWebToken(header, claims, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]))
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>A claim that is text; null: absent or something else.</summary>
    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A claim that is text or a list of texts.</summary>
    internal static IEnumerable<string> Texts(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement value)) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
    }

    /// <summary>A claim that is a time (RFC 7519 section 2, NumericDate); null: absent or something else.</summary>
    internal DateTimeOffset? Time(string name) =>
        Claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds)
            && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    private static JsonElement Decode(string part)
    {
        using JsonDocument document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        return document.RootElement.Clone();
    }
}
