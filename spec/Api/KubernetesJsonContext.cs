using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Source-generated JSON of what clients of Kubernetes send: its servers ignore the case of names, so kubectl says Width and other clients width.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(KubernetesSize))]
public sealed partial class KubernetesJsonContext : JsonSerializerContext;
