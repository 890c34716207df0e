namespace Sessiond.Vt;

/// <summary>Who may get a range of the stream.</summary>
public enum StreamRangeKind
{
    /// <summary>Nobody: a query that the engine answered, or that must not be answered.</summary>
    Query,

    /// <summary>The controller: an OSC 52 write.</summary>
    ControllerOnly,
}
