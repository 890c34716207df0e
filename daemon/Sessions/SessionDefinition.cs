using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>A session as it is to be run: the spec's or the API's words with every default filled in.</summary>
internal sealed record SessionDefinition
{
    /// <summary><see cref="Source"/> of a session that the spec names.</summary>
    internal const string FromTheSpec = "spec";

    /// <summary><see cref="Source"/> of one that somebody made, or that the spec names no more.</summary>
    internal const string FromTheApi = "api";

    internal required string Name { get; init; }

    internal required string Type { get; init; }

    /// <summary>Null: the shell.</summary>
    internal required Command? Command { get; init; }

    internal required string Cwd { get; init; }

    /// <summary>The whole environment of its program but for what names this run.</summary>
    internal required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Variables that the spec or the session's maker says something about.</summary>
    internal required IReadOnlySet<string> NamedVariables { get; init; }

    /// <summary>What <c>${workspace}</c> stands for.</summary>
    internal required string Workspace { get; init; }

    internal required int Columns { get; init; }

    internal required int Rows { get; init; }

    internal required IReadOnlyDictionary<string, string> Labels { get; init; }

    internal required string? Owner { get; init; }

    internal required UserIdentity User { get; init; }

    internal required string Shell { get; init; }

    internal required bool Login { get; init; }

    internal required int ScrollbackLines { get; init; }

    internal required long ScrollbackBytes { get; init; }

    internal required OnExit OnExit { get; init; }

    internal required int StopSignal { get; init; }

    internal required TimeSpan StopTimeout { get; init; }

    internal RestartSpec Restart { get; init; } = new();

    internal SessionStart Start { get; init; }

    internal bool Primary { get; init; }

    internal int? Port { get; init; }

    /// <summary>What must be finished or ready before its program starts.</summary>
    internal IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>Without needs of its own it waits for the event that the spec's <c>wait_for</c> names; a session of the API does not.</summary>
    internal bool WaitsForHooks { get; init; }

    /// <summary>Runs before each start.</summary>
    internal CommandSet? Before { get; init; }

    /// <summary>Runs once per storage.</summary>
    internal CommandSet? Init { get; init; }

    /// <summary>When it counts as ready, its variables replaced; null: as soon as its program runs.</summary>
    internal ReadyProbe? Ready { get; init; }

    /// <summary>Whether it still works, its variables replaced; null: as long as its program runs.</summary>
    internal LiveProbe? Live { get; init; }

    internal bool KeepAlive { get; init; }

    /// <summary>Where its web server is found; null without a port.</summary>
    internal string? Url { get; init; }

    /// <summary>A folder that is cloned for it; null: none.</summary>
    internal SessionWorkspaceSpec? Repository { get; init; }

    /// <summary>Name of the folder around that clone: what the session was called when it was made.</summary>
    internal string? FolderName { get; init; }

    /// <summary>Where that clone is.</summary>
    internal string? ClonePath { get; init; }

    /// <summary>Saving of that clone; null: off.</summary>
    internal AutoCommitSpec? AutoCommit { get; init; }

    /// <summary>Who asks its probes: <c>defaults.user</c>.</summary>
    internal required UserIdentity ProbeUser { get; init; }

    internal required string Source { get; init; }

    /// <summary>The request of the API that it is from; null: from the spec.</summary>
    internal CreateSession? Request { get; init; }

    /// <summary>Why it cannot be started, for a session whose part of the spec is wrong.</summary>
    internal string? BrokenReason { get; init; }

    /// <summary>The definition as a request: what the API was asked for, or the nearest to what the spec says.</summary>
    internal CreateSession ToRequest() => Request ?? new CreateSession
    {
        Name = Name,
        Type = Type,
        Command = Command,
        Cwd = Cwd,
        Size = new SizeObject(Columns, Rows),
        Labels = Labels,
        User = User.Name,
        Port = Port,
        Shell = Shell,
        Login = Login,
        Scrollback = ScrollbackLines,
    };
}
