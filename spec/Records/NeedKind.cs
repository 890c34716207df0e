namespace Sessiond.Spec;

/// <summary>What is waited for.</summary>
public enum NeedKind
{
    /// <summary>All hooks of an event are finished.</summary>
    Event,

    /// <summary>One hook is finished.</summary>
    Hook,

    /// <summary>A session is ready.</summary>
    Session,
}
