namespace Sessiond.Spec;

/// <summary>Who gets a secret.</summary>
public enum SecretScope
{
    /// <summary>Hooks.</summary>
    Hooks,

    /// <summary>Sessions.</summary>
    Sessions,
}
