namespace Sessiond.Spec;

/// <summary>Which shell's environment sessions and hooks take over (devcontainer userEnvProbe).</summary>
public enum EnvProbe
{
    /// <summary>None.</summary>
    None,

    /// <summary>A login shell's.</summary>
    Login,

    /// <summary>An interactive shell's.</summary>
    Interactive,

    /// <summary>An interactive login shell's.</summary>
    LoginInteractive,
}
