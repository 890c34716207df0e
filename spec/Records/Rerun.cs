namespace Sessiond.Spec;

/// <summary>When a hook of a once-event runs again.</summary>
public enum Rerun
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>At every start.</summary>
    Always,

    /// <summary>When one of its inputs changed.</summary>
    OnChange,
}
