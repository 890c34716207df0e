using Sessiond.Pty;

namespace Sessiond.Hooks;

/// <summary>A program to start beside the sessions: without terminal, with its output in a pipe.</summary>
public sealed record ProcessRequest
{
    /// <summary>Names this run, unique over all runs: what an adoption after a crash asks for.</summary>
    public required string Key { get; init; }

    /// <summary>The hook whose run it is, which outlives the daemon; null: it ends with the daemon that asked for it.</summary>
    public string? Hook { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>The whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Working folder.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The user to become.</summary>
    public required UserIdentity User { get; init; }
}
