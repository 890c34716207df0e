using System.Text.Json.Serialization;

namespace Sessiond.Hooks;

/// <summary>Source-generated JSON of the runner's record.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(HookRunnerRecord))]
internal sealed partial class HookJsonContext : JsonSerializerContext;
