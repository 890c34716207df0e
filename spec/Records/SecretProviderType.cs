namespace Sessiond.Spec;

/// <summary>Where secret values come from.</summary>
public enum SecretProviderType
{
    /// <summary>One file per name.</summary>
    Files,

    /// <summary>The daemon's own environment.</summary>
    Env,

    /// <summary>The output of a command.</summary>
    Exec,
}
