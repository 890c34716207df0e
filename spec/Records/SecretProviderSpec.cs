using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary><c>[secret_provider]</c>: where secret values come from.</summary>
public sealed record SecretProviderSpec
{
    /// <summary>Kind of provider.</summary>
    public SecretProviderType Type { get; init; }

    /// <summary>For <c>files</c>: the folder with one file per secret name.</summary>
    public string Dir { get; init; } = "/var/run/secrets/sessiond";

    /// <summary>For <c>exec</c>: prints the secret whose name is its last argument.</summary>
    public Command? Command { get; init; }
}
