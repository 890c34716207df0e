using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>One session of the spec. A null of what <see cref="DefaultsSpec"/> has too means: as there.</summary>
public sealed record SessionSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What runs in it; null: the shell, or what <see cref="Type"/> brings.</summary>
    public Command? Command { get; init; }

    /// <summary>Working folder, relative to the workspace; null: the workspace. May hold <c>${…}</c>.</summary>
    public string? Cwd { get; init; }

    /// <summary>Variables beside those of the spec.</summary>
    public ValueList<EnvEntry> Env { get; init; } = [];

    /// <summary>Size while nobody ever attached.</summary>
    public TerminalSize? Size { get; init; }

    /// <summary>For filters.</summary>
    public ValueDictionary<string> Labels { get; init; } = new();

    /// <summary>Preset that fills in command, port and probes: <c>terminal</c>, <c>vscode</c>, <c>marimo</c>, <c>jupyter</c>.</summary>
    public string Type { get; init; } = "terminal";

    /// <summary>The devbox is <c>running</c> only when this session is ready.</summary>
    public bool Primary { get; init; }

    /// <summary>User to whom it is private; null: the devbox, shared by all who are admitted.</summary>
    public string? Owner { get; init; }

    /// <summary>User whose processes these are.</summary>
    public string? User { get; init; }

    /// <summary>Shell of a session without command.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether that shell is a login shell.</summary>
    public bool? Login { get; init; }

    /// <summary>TERM.</summary>
    public string? Term { get; init; }

    /// <summary>Lines of scrollback.</summary>
    public int? Scrollback { get; init; }

    /// <summary>Hard cap of the scrollback, in bytes.</summary>
    public long? ScrollbackBytes { get; init; }

    /// <summary>What happens when the program ends by itself.</summary>
    public OnExit? OnExit { get; init; }

    /// <summary>First signal of a stop, without SIG.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Grace before SIGKILL.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>Whether the program is started again when it ends.</summary>
    public RestartSpec Restart { get; init; } = new();

    /// <summary>When the session counts as ready; null: as soon as its program runs.</summary>
    public ReadyProbe? Ready { get; init; }

    /// <summary>Whether it still works; null: as long as its program runs.</summary>
    public LiveProbe? Live { get; init; }

    /// <summary>Port of its web server; the base of the probes.</summary>
    public int? Port { get; init; }

    /// <summary>What must be finished or ready first; empty: the event of <c>wait_for</c>.</summary>
    public ValueList<Need> Needs { get; init; } = [];

    /// <summary>Runs before each start.</summary>
    public CommandSet? Before { get; init; }

    /// <summary>Runs once per storage, before the first start.</summary>
    public CommandSet? Init { get; init; }

    /// <summary>When it starts.</summary>
    public SessionStart Start { get; init; }

    /// <summary>It counts as activity while its program runs.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>A folder of its own.</summary>
    public SessionWorkspaceSpec? Workspace { get; init; }

    /// <summary>Saving of its own workspace; null: off.</summary>
    public AutoCommitSpec? AutoCommit { get; init; }
}
