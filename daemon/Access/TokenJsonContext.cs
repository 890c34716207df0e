using System.Text.Json.Serialization;

namespace Sessiond.Daemon.Access;

/// <summary>JSON of <c>tokens.json</c> in the state folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<StoredToken>))]
internal sealed partial class TokenJsonContext : JsonSerializerContext;
