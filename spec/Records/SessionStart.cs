namespace Sessiond.Spec;

/// <summary>When a session of the spec starts.</summary>
public enum SessionStart
{
    /// <summary>With the devbox.</summary>
    Boot,

    /// <summary>When someone first attaches.</summary>
    Attach,

    /// <summary>When asked to.</summary>
    Manual,
}
