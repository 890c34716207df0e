using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Source-generated JSON of the attach messages and problems: snake_case, absent members left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerMessage))]
[JsonSerializable(typeof(ClientMessage))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(KubernetesSize))]
[JsonSerializable(typeof(KubernetesStatus))]
public sealed partial class WireJsonContext : JsonSerializerContext;
