using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>What an auto-commit is made with.</summary>
public sealed record AutoCommitOptions
{
    /// <summary>What the spec says.</summary>
    public required AutoCommitSpec Spec { get; init; }

    /// <summary>The app folder: where <c>paths</c> are relative to, in the repository or below it.</summary>
    public required string Folder { get; init; }

    /// <summary>Runs git.</summary>
    public required GitRunner Git { get; init; }

    /// <summary>Where inotify is read.</summary>
    public required EpollLoop Loop { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Told when the status has changed. Any thread; must not block.</summary>
    public required Action OnChange { get; init; }

    /// <summary>Takes lines for the log.</summary>
    public required Action<string> Log { get; init; }
}
