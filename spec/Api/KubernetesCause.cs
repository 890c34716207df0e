namespace Sessiond.Spec.Api;

/// <summary>A cause of a <see cref="KubernetesStatus"/>.</summary>
/// <param name="Reason"><c>ExitCode</c>.</param>
/// <param name="Message">The exit code, decimal.</param>
public sealed record KubernetesCause(string Reason, string Message);
