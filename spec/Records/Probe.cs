using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>How a session is asked whether it works. Exactly one way is set.</summary>
public sealed record Probe
{
    /// <summary>A URL that answers with a status of 200 to 399. May hold <c>${port}</c>.</summary>
    public string? Http { get; init; }

    /// <summary>HOST:PORT that accepts a connection. May hold <c>${port}</c>.</summary>
    public string? Tcp { get; init; }

    /// <summary>A command that exits with 0.</summary>
    public Command? Exec { get; init; }

    /// <summary>A regular expression that the session's output matches; for <c>ready</c> only.</summary>
    public string? Text { get; init; }
}
