using System.Text.Json.Serialization;
using Sessiond.Daemon.Lifecycle;

namespace Sessiond.Daemon.Sessions;

/// <summary>Source-generated JSON of what the holder keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SessionRecord))]
[JsonSerializable(typeof(DevboxRecord))]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;
