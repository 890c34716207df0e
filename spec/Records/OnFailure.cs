namespace Sessiond.Spec;

/// <summary>What the failure of a hook does.</summary>
public enum OnFailure
{
    /// <summary>The devbox is <c>failed</c>; later hooks are skipped.</summary>
    Fail,

    /// <summary>A warning; later hooks run.</summary>
    Warn,

    /// <summary>Nothing.</summary>
    Ignore,
}
