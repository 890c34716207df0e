namespace Sessiond.Spec;

/// <summary>When a session's program is started again.</summary>
public enum RestartPolicy
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>When it ended with a code other than 0, or by a signal.</summary>
    OnFailure,

    /// <summary>Whenever it ended.</summary>
    Always,
}
