using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Source-generated JSON of the endpoint: snake_case, nulls written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionObject))]
[JsonSerializable(typeof(IReadOnlyList<SessionObject>))]
[JsonSerializable(typeof(StatusObject))]
[JsonSerializable(typeof(IReadOnlyList<HookObject>))]
[JsonSerializable(typeof(HookObject))]
[JsonSerializable(typeof(HookLogObject))]
[JsonSerializable(typeof(ReloadResult))]
[JsonSerializable(typeof(CreateSession))]
[JsonSerializable(typeof(PatchSession))]
[JsonSerializable(typeof(SizeObject))]
[JsonSerializable(typeof(InputResult))]
[JsonSerializable(typeof(TerminateResult))]
[JsonSerializable(typeof(WaitRequest))]
[JsonSerializable(typeof(WaitResult))]
[JsonSerializable(typeof(AutoCommitObject))]
[JsonSerializable(typeof(PatchAutoCommit))]
[JsonSerializable(typeof(Dictionary<string, PatchAutoCommit>))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(CreateToken))]
[JsonSerializable(typeof(TokenObject))]
[JsonSerializable(typeof(IReadOnlyList<TokenObject>))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
