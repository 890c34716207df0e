using System.Text.Json.Serialization;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Source-generated JSON of what is kept in the state folder.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SavedSession))]
internal sealed partial class SavedJsonContext : JsonSerializerContext;
