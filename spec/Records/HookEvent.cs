namespace Sessiond.Spec;

/// <summary>When a hook runs, in this order.</summary>
public enum HookEvent
{
    /// <summary>Once per storage.</summary>
    OnCreate,

    /// <summary>Once, and again when the content changed.</summary>
    UpdateContent,

    /// <summary>Once, after the content is there.</summary>
    PostCreate,

    /// <summary>At every start.</summary>
    PostStart,

    /// <summary>When a controller attaches, not on a resume.</summary>
    PostAttach,

    /// <summary>Before a stop, inside its grace.</summary>
    PreStop,
}
