namespace Sessiond.Hooks.AutoCommit;

/// <summary>What it tells.</summary>
public sealed partial class AutoCommitter
{
    /// <summary>Files that are left out and named.</summary>
    private const int NamedLeft = 3;

    private async Task CountAsync(CancellationToken cancellation)
    {
        lock (_gate) _isStale = false;
        SaveResult counted = await _saver.CountAsync(cancellation);
        lock (_gate) _uncommitted = counted.Error is null ? counted.Uncommitted : null;
        await CountCommitsAsync(cancellation);
    }

    private async Task CountCommitsAsync(CancellationToken cancellation)
    {
        try
        {
            (int? Ahead, int? Behind) counts = await _synchronizer.CountAsync(cancellation);
            LastCommit? last = await LastCommit.OfAsync(await _saver.FindAsync(cancellation), _saver.IsToBranch ? "HEAD" : _spec.Target, cancellation);
            lock (_gate) (_counts, _lastCommit) = (counts, last);
        }
        catch (Exception failure) when (GitException.IsFailure(failure))
        {
            lock (_gate) (_counts, _lastCommit) = ((null, null), null);
        }
    }

    /// <summary>Makes the status anew, and tells when it is another one.</summary>
    private void Publish()
    {
        lock (_gate)
        {
            AutoCommitStatus status = Compose();
            if (status == _status) return;
            _status = status;
        }

        _options.OnChange();
    }

    private AutoCommitStatus Compose() => new()
    {
        Enabled = _enabled,
        Interval = _clock.Interval,
        State = StateNow(),
        Reason = ReasonNow(),
        LastCommit = _lastCommit,
        LastPushAt = _lastPushAt,
        Ahead = _counts.Ahead,
        Behind = _counts.Behind,
        Uncommitted = _uncommitted,
        Error = _saved.Error ?? _pushed.Error,
    };

    private AutoCommitState StateNow()
    {
        if (_isSaving) return AutoCommitState.Committing;
        if (!_enabled) return _isPushing ? AutoCommitState.Pushing : AutoCommitState.Off;
        if (_saved.Blocked is not null) return AutoCommitState.Blocked;
        if (_clock.HasEdits) return AutoCommitState.Waiting;
        if (_isPushing) return AutoCommitState.Pushing;
        return _pushed.Outcome switch
        {
            PushOutcome.Refused => AutoCommitState.Blocked,
            PushOutcome.Offline => AutoCommitState.Offline,
            PushOutcome.Behind => AutoCommitState.Waiting,
            _ => AutoCommitState.Watching,
        };
    }

    private string? ReasonNow()
    {
        string? polling = _enabled && _watchProblem is { } problem && _saved.Error is null
            ? $"polling every {Spec.Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(PollPeriod.TotalSeconds)))}: {problem}"
            : null;
        string[] parts = [.. new[] { _saved.Blocked, _pushed.Reason, LeftText(_saved.Left), polling }.OfType<string>()];
        return parts.Length == 0 ? null : string.Join("; ", parts);
    }

    private static string? LeftText(IReadOnlyList<LeftOut> left)
    {
        if (left.Count == 0) return null;
        string named = string.Join(", ", left.Take(NamedLeft).Select(file => $"{file.Path.Display} ({file.Why})"));
        return left.Count > NamedLeft ? $"left out: {named} and {left.Count - NamedLeft} more" : $"left out: {named}";
    }
}
