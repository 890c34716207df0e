using System.Globalization;
using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>How a program ended, as a <c>v1</c> Status of Kubernetes.</summary>
public sealed record KubernetesStatus
{
    /// <summary>Always <c>Status</c>.</summary>
    public string Kind { get; init; } = "Status";

    /// <summary>Always <c>v1</c>.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init; } = "v1";

    /// <summary>Always there, always empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    public required string Status { get; init; }

    /// <summary>For a person.</summary>
    public string? Message { get; init; }

    /// <summary><c>NonZeroExitCode</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The exit code, as the only cause.</summary>
    public KubernetesDetails? Details { get; init; }

    /// <summary>The status of an exit code; 128+n for a signal.</summary>
    public static KubernetesStatus Of(int exitCode)
    {
        if (exitCode == 0) return new KubernetesStatus { Status = "Success" };
        string code = exitCode.ToString(CultureInfo.InvariantCulture);
        return new KubernetesStatus
        {
            Status = "Failure",
            Message = $"command terminated with non-zero exit code: exit status {code}",
            Reason = "NonZeroExitCode",
            Details = new KubernetesDetails([new KubernetesCause("ExitCode", code)]),
        };
    }
}
