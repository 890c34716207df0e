namespace Sessiond.Spec.Api;

/// <summary>GET /v1/status.</summary>
public sealed record StatusObject
{
    /// <summary>Version of the running daemon.</summary>
    public required string Version { get; init; }

    /// <summary>Identifies the build (informational version).</summary>
    public required string Build { get; init; }

    /// <summary>True when the binary on disk is not the running one.</summary>
    public bool Outdated { get; init; }

    /// <summary>State of the devbox as a whole.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in its state.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when the devbox is in its state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Whether anybody or anything is at work here.</summary>
    public ActivityObject? Activity { get; init; }

    /// <summary>Names of broken sessions that are not primary.</summary>
    public required IReadOnlyList<string> Degraded { get; init; }

    /// <summary>True when the state folder and the workspace outlive the container.</summary>
    public bool Persistent { get; init; }

    /// <summary>Labels of the devbox.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Ports that an imported devcontainer.json names in <c>forwardPorts</c>: <c>3000</c>, <c>db:5432</c>. For who forwards them.</summary>
    public IReadOnlyList<string> ForwardPorts { get; init; } = [];

    /// <summary>When the daemon started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How many sessions there are.</summary>
    public int Sessions { get; init; }

    /// <summary>The hooks and how each ended.</summary>
    public required IReadOnlyList<HookObject> Hooks { get; init; }

    /// <summary>Problems that did not stop the daemon, such as an ignored key of a workspace layer.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
