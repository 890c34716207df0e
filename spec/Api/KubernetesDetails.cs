namespace Sessiond.Spec.Api;

/// <summary>The causes of a <see cref="KubernetesStatus"/>.</summary>
/// <param name="Causes">One: the exit code.</param>
public sealed record KubernetesDetails(IReadOnlyList<KubernetesCause> Causes);
