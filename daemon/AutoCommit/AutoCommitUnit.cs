using Sessiond.Daemon.Sessions;
using Sessiond.Hooks.AutoCommit;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>The auto-commit of one folder: the devbox's, or that of a session with a workspace of its own.</summary>
/// <param name="Session">The session's name; null: the devbox's.</param>
/// <param name="Owner">Whose session it is; null: everyone's.</param>
/// <param name="Spec">What it was made with.</param>
internal sealed record AutoCommitUnit(string? Session, string? Owner, AutoCommitSpec Spec)
{
    /// <summary>The session's name; null: the devbox's.</summary>
    public string? Session { get; set; } = Session;

    /// <summary>The engine; null where there is none as nobody asked for one.</summary>
    internal AutoCommitter? Committer { get; set; }

    /// <summary>Whose folder, user and environment that has.</summary>
    internal SessionDefinition? MadeFor { get; set; }

    /// <summary>Whether one that is made for this would be another one.</summary>
    internal bool IsFor(AutoCommitSpec spec, SessionDefinition definition) => Spec == spec && MadeFor is { } then
        && (then.User.Uid, then.Cwd, then.ClonePath) == (definition.User.Uid, definition.Cwd, definition.ClonePath)
        && then.Environment.Count == definition.Environment.Count && !then.Environment.Except(definition.Environment).Any();

    /// <summary>As it stands.</summary>
    internal AutoCommitObject Describe() => Describe(Committer?.Status ?? new AutoCommitStatus { Interval = Spec.Interval });

    /// <summary>A status as the API writes it.</summary>
    internal AutoCommitObject Describe(AutoCommitStatus status) => new()
    {
        Enabled = status.Enabled,
        Interval = Duration.Format(status.Interval),
        State = WordOf(status.State),
        Reason = status.Reason,
        LastCommit = status.LastCommit is { } last ? new AutoCommitCommit(last.Id, last.At, last.Message) : null,
        LastPushAt = status.LastPushAt,
        Ahead = status.Ahead,
        Behind = status.Behind,
        Uncommitted = status.Uncommitted,
        Unpushed = status.Unpushed,
        Error = status.Error,
        Session = Session,
    };

    private static string WordOf(AutoCommitState state) => state switch
    {
        AutoCommitState.Off => "off",
        AutoCommitState.Watching => "watching",
        AutoCommitState.Waiting => "waiting",
        AutoCommitState.Committing => "committing",
        AutoCommitState.Pushing => "pushing",
        AutoCommitState.Blocked => "blocked",
        _ => "offline",
    };
}
