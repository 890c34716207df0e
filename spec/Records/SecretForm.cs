namespace Sessiond.Spec;

/// <summary>How a secret is handed over.</summary>
public enum SecretForm
{
    /// <summary>Its value is the variable's.</summary>
    Env,

    /// <summary>Its value is in a file, whose path is the variable's.</summary>
    File,
}
