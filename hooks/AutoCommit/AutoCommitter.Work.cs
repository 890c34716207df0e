using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>The loop: watches, waits for the clock, saves.</summary>
public sealed partial class AutoCommitter
{
    /// <summary>How long git and editors may go on before their changes of ignore files are looked at.</summary>
    private static readonly TimeSpan WatchAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>How often a folder is looked for a repository that is not there yet: one run of git.</summary>
    private static readonly TimeSpan RepositoryRetry = TimeSpan.FromSeconds(5);

    /// <summary>How often watches are tried again that ran out: it walks the whole tree.</summary>
    private static readonly TimeSpan WatchRetry = TimeSpan.FromMinutes(5);

    /// <summary>A queue that overflows again sooner than this does so because of what goes on here.</summary>
    private static readonly TimeSpan QuietWatch = TimeSpan.FromMinutes(2);

    /// <summary>The shortest time between two looks where not everything is watched.</summary>
    private static readonly TimeSpan MinPoll = TimeSpan.FromSeconds(2);

    /// <summary>Where not everything is watched, looking costs at most a hundredth of the time.</summary>
    private const int PollFactor = 100;

    private WorktreeWatch? _watch; // the loop's
    private Repository? _repository; // the one that is watched
    private string? _watchProblem;
    private DateTimeOffset? _watchDue;
    private DateTimeOffset? _pollDue;
    private DateTimeOffset _watchedSince;
    private TimeSpan _lastLook;
    private readonly BackOff _watchBackOff = new(); // guarded by _gate
    private readonly BackOff _roundBackOff = new(); // the loop's
    private (FileFacts? Index, FileFacts? Head) _gitFacts;

    /// <summary>Everything is watched: what did not announce itself did not happen.</summary>
    private bool IsWatching => _enabled && _repository is not null && _watchProblem is null;

    /// <inheritdoc/>
    void IWorktreeObserver.WorktreeChanged()
    {
        bool isNews;
        lock (_gate)
        {
            isNews = !_clock.HasEdits;
            _isStale = true;
            _clock.Edited(_time.GetUtcNow());
        }

        // Of the edits after the first one only the time counts, which the loop finds when it looks.
        if (!isNews) return;
        _wakeup.Call();
        Publish();
    }

    /// <inheritdoc/>
    void IWorktreeObserver.GitChanged()
    {
        lock (_gate)
        {
            // Our own saves write index and HEAD too.
            if (_saved.Blocked is null && (_isSaving || GitFactsOf(_repository) == _gitFacts)) return;
            _isStale = true;
            if (_saved.Blocked is null) _clock.Edited(_time.GetUtcNow());
            else _clock.Retry(_time.GetUtcNow() + WatchAgainAfter);
        }

        _wakeup.Call();
    }

    /// <inheritdoc/>
    void IWorktreeObserver.WatchAnew(string? problem)
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (now - _watchedSince > QuietWatch) _watchBackOff.Reset();
            if (problem is not null)
            {
                _watchProblem = problem;
                _pollDue ??= now;
            }

            _watchDue ??= now + (problem is null ? WatchAgainAfter : _watchBackOff.Next());
            _isStale = true;
            _clock.Edited(now);
        }

        _wakeup.Call();
        Publish();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            lock (_gate)
            {
                _watchDue = _time.GetUtcNow();
                // What a daemon before this one, or somebody else, left unsaved.
                if (_enabled) _clock.Edited(_time.GetUtcNow());
            }

            await RecoverAsync(stop);
            if (_enabled) _push.Ask();
            while (true)
            {
                await RoundAsync(stop);
                await _wakeup.WaitAsync(UntilDue(), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>Does what is due. Whatever goes wrong with it, work goes on being saved.</summary>
    private async Task RoundAsync(CancellationToken stop)
    {
        try
        {
            if (TakeWatchDue()) await WatchAsync(stop);
            if (TakeSaveDue()) await SaveAsync(force: false, stop);
            return;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            _options.Log($"auto-commit: {failure.ToString().ReplaceLineEndings(" | ")}");
            lock (_gate)
            {
                DateTimeOffset now = _time.GetUtcNow();
                _saved = _saved with { Error = failure.Message };
                if (_watch is null) _watchDue ??= now + RepositoryRetry;
                _clock.Retry(now + _roundBackOff.Next());
            }
        }

        Publish();
    }

    private async Task RecoverAsync(CancellationToken stop)
    {
        await _local.WaitAsync(stop);
        try
        {
            await ScratchFiles.RecoverAsync(await _saver.FindAsync(stop), stop);
            await CountAsync(stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // No repository yet, or whatever else: the watch says so, and looks again.
        }
        finally
        {
            _local.Release();
        }

        Publish();
    }

    /// <summary>Begins or ends watching. What goes wrong is told in the status, and tried again.</summary>
    private async Task WatchAsync(CancellationToken stop)
    {
        if (_watch is { } before) await before.DisposeAsync();
        _watch = null;
        bool enabled;
        lock (_gate) enabled = _enabled;
        Repository? repository = null;
        string? problem = null;
        if (enabled)
        {
            try
            {
                repository = await _saver.FindAsync(stop);
                _watch = await WorktreeWatch.StartAsync(repository, SaveScope.Of(_spec, repository.Prefix), this, _options.Loop, stop);
                problem = _watch.Problem;
            }
            catch (Exception failure) when (GitException.IsFailure(failure))
            {
                problem = failure.Message;
            }
        }

        lock (_gate)
        {
            if (problem is not null && problem != _watchProblem) _options.Log($"auto-commit: polling: {problem.ReplaceLineEndings(" | ")}");
            _repository = repository;
            _watchProblem = problem;
            _gitFacts = GitFactsOf(repository);
            DateTimeOffset now = _time.GetUtcNow();
            _watchDue = problem is null ? null : now + (_watch is null ? RepositoryRetry : WatchRetry);
            _watchedSince = now;
            _pollDue = problem is null ? null : now;
            // What happened while nobody looked.
            if (enabled) _clock.Edited(now);
        }

        Publish();
    }

    private bool TakeWatchDue()
    {
        lock (_gate)
        {
            if (!(_watchDue <= _time.GetUtcNow())) return false;
            _watchDue = null;
            return true;
        }
    }

    private bool TakeSaveDue()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (!_enabled) return false;
            bool polls = _pollDue <= now;
            if (polls) _pollDue = now + PollPeriod;
            return polls || _clock.Due <= now;
        }
    }

    private TimeSpan? UntilDue()
    {
        lock (_gate)
        {
            DateTimeOffset?[] times = [_watchDue, _enabled ? _clock.Due : null, _enabled ? _pollDue : null];
            return times.Min() - _time.GetUtcNow();
        }
    }

    private TimeSpan PollPeriod => new[] { _clock.Interval, MinPoll, _lastLook * PollFactor }.Max();

    private async Task SaveAsync(bool force, CancellationToken cancellation)
    {
        await _local.WaitAsync(cancellation);
        try
        {
            lock (_gate)
            {
                _isSaving = true;
                _isStale = false;
                _clock.Begin();
            }

            Publish();
            long start = _time.GetTimestamp();
            SaveResult result = await _saver.SaveAsync(force, cancellation);
            TimeSpan took = _time.GetElapsedTime(start);
            // A save that failed does not say how many files wait for the next one.
            if (result.Error is null) await CountCommitsAsync(cancellation);
            else await CountAsync(cancellation);
            Finish(result, took);
        }
        finally
        {
            lock (_gate) _isSaving = false;
            _local.Release();
            Publish();
        }
    }

    private void Finish(SaveResult result, TimeSpan took)
    {
        if (result.Commit is { } commit) _options.Log($"auto-commit: {commit[..10]} {GitPath.Printable(result.Subject!)}");
        lock (_gate)
        {
            string? words = result.Error ?? result.Blocked;
            if (words is not null && (result.Blocked, result.Error) != (_saved.Blocked, _saved.Error)) _options.Log($"auto-commit: not saved: {words.ReplaceLineEndings(" | ")}");
            DateTimeOffset now = _time.GetUtcNow();
            _saved = result;
            _uncommitted = result.Error is null ? result.Uncommitted : _uncommitted;
            _lastLook = took;
            _gitFacts = GitFactsOf(_repository);
            _clock.End(now, took, foundNothing: result.Commit is null && !result.IsPassing);
            if (result.Blocked is null) _saveBackOff.Reset();
            // What is in the way may go without an event: a lock that a crash left, a hook's own reason.
            else _clock.Retry(now + _saveBackOff.Next());
        }

        if (result.Commit is not null || _counts.Ahead > 0) _push.Ask();
    }

    private static (FileFacts? Index, FileFacts? Head) GitFactsOf(Repository? repository) =>
        repository is null ? default : (repository.IndexFacts, GitPath.Of("HEAD").FactsIn(repository.GitFolder));
}
