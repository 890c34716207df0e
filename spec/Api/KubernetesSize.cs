using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>A size as clients of Kubernetes send it.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public sealed record KubernetesSize(
    [property: JsonPropertyName("Width")] long Width, [property: JsonPropertyName("Height")] long Height);
