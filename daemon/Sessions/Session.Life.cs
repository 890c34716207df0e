using Sessiond.Daemon.Lifecycle;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Start, end, restart, termination.</summary>
internal sealed partial class Session
{
    /// <summary>The longest wait before a restart, however often the delay was doubled.</summary>
    private static readonly TimeSpan MaxRestartDelay = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _starting = new(1);
    private readonly List<DateTimeOffset> _restartTimes = []; // under the gate
    private volatile int _endCode = Attach.CloseCode.SessionEnded;
    private string _state = SessionStates.Starting;
    private string? _reason;
    private DateTimeOffset _since;
    private DateTimeOffset? _startedAt;
    private DateTimeOffset? _exitedAt;
    private long _offsetAtStart; // the journal when the program of this run started
    private ExitStatus? _ended;
    private SessionProgram? _program;
    private SessionProcesses? _processes; // of the last run, also after its leader ended
    private int _runs;
    private int _endedRun; // the last run whose end is known here
    private int _restarts;
    private bool _stopAsked;
    private bool _gaveUp;
    private bool _isReleased;
    private bool _isForgotten; // under the record's gate
    private TaskCompletionSource<ExitStatus?> _over = NewOver(); // under the gate; see Run
    private bool _isOver; // under the gate: _over is completed, or will be in a moment

    /// <summary>What an attachment is closed with after its program ended.</summary>
    internal int EndCode => _endCode;

    /// <summary>The state's word. Any thread.</summary>
    internal string State
    {
        get
        {
            using (Enter()) return _state;
        }
    }

    /// <summary>A session of a wrong part of the spec: listed, with the reason, and without a program.</summary>
    internal void MarkBroken(string reason) => Fail(reason);

    /// <summary>Not started now: on the first attach, or by hand.</summary>
    internal void MarkWaiting(string reason)
    {
        using (Enter()) SetState(SessionStates.Stopped, reason);
        Keep();
    }

    /// <summary>Ends the program and everything that descends from it, and keeps the session. Any thread.</summary>
    internal async Task<TerminationReport> StopAsync(TimeSpan? grace, CancellationToken hurry, bool isForGood = false)
    {
        await _starting.WaitAsync(CancellationToken.None);
        SessionProgram? program;
        SessionProcesses? processes;
        Task over;
        using (Enter())
        {
            _stopAsked = true;
            _isReleased |= isForGood;
            program = _program;
            processes = _processes;
            over = program is null ? Task.CompletedTask : _over.Task;
            if (program is not null) SetState(SessionStates.Stopping, null);
            else if (_launch is not null || _state == SessionStates.Starting) SetState(SessionStates.Stopped, null);
            _ = _launch?.CancelAsync();
        }

        _starting.Release();
        Keep();
        if (processes is null) return new TerminationReport([], []);
        Changed();
        var termination = new Termination(_services.Scanner, processes, program is null ? null : program.SignalGroup, _services.Time);
        TerminationReport report = await termination.RunAsync(Definition.StopSignal, grace ?? Definition.StopTimeout, hurry);
        if (report.Left.Count == 0) await over;
        RemoveCgroups(processes);
        _services.Logger.SessionStopped(Name, report.Killed.Count, report.Left.Count);
        return report;
    }

    /// <summary>The daemon is about to stop: clients whose program ends for that reason are told so. Any thread.</summary>
    internal void ExpectShutdown() => _endCode = Attach.CloseCode.GoingAway;

    /// <summary>Gives up everything the session holds; it is out of every list already. Any thread.</summary>
    internal void Release()
    {
        _log.Delete();
        _followed.Delete();
        ForgetAtHolder();
        _services.Cgroups.OfSession(_journal.Epoch)?.TryRemove();
        EndWaits(null);
        Post(() =>
        {
            PumpAll();
            foreach (Attach.Attachment attachment in _attachments.ToArray()) attachment.Close(Attach.CloseCode.SessionEnded, "terminated");
            _journal.Discard();
        });
    }

    /// <summary>The leader ended and everything it printed is in the journal. Loop's thread.</summary>
    internal void OnProgramEnded(SessionProgram program, ExitStatus status)
    {
        TaskCompletionSource<ExitStatus?> over;
        TaskCompletionSource<ExitStatus>? phase;
        TimeSpan? restartAfter = null;
        bool isOver;
        using (Enter())
        {
            phase = _phaseEnd;
            _phaseEnd = null;
            _program = null;
            _endedRun = program.Tag;
            over = _over;
            EndHealth();
            _phase = null;
            _log.IsLive = false;
            // After a script the program follows, or the reason why it does not.
            isOver = phase is null || _stopAsked;
            _isOver |= isOver;
            if (isOver) restartAfter = SettleEnd(status);
        }

        // First the record, then the holder's own: between the two it is known twice, never not at all.
        Keep();
        program.Close();
        _services.Logger.SessionEnded(Name, status);
        if (restartAfter is { } wait) Schedule((long)wait.TotalMilliseconds, RestartOffLoop);
        phase?.TrySetResult(status);
        if (isOver) over.TrySetResult(status);
        _ = Task.Run(() => RemoveCgroups(program.Processes));
        OnInputRoom();
        PumpAll();
        Changed();
        bool isDone = phase is null && restartAfter is null && !_stopAsked;
        if (isDone && Definition.OnExit == OnExit.Remove) _services.OnRemove(this);
    }

    /// <summary>The state after the program's end. Under the gate.</summary>
    /// <returns>When it is started again; null: not.</returns>
    private TimeSpan? SettleEnd(ExitStatus status)
    {
        _exitedAt = _services.Time.GetUtcNow();
        TimeSpan? restartAfter = _stopAsked ? null : RestartDelay(status);
        string what = _unhealthy ?? status.ToString();
        if (restartAfter is { } delay)
        {
            SetState(SessionStates.Starting, $"{what}; starts again in {delay.TotalSeconds:0.#} s");
            return restartAfter;
        }

        _ended = status;
        if (_gaveUp) SetState(SessionStates.Failed, $"{what}; restarted {Definition.Restart.Max} times within {Definition.Restart.Within.TotalSeconds:0} s, given up");
        else if (_unhealthy is not null && !_stopAsked) SetState(SessionStates.Failed, what);
        else SetState(SessionStates.Stopped, null);
        return null;
    }

    private void RestartOffLoop()
    {
        using (Enter())
        {
            if (_stopAsked || _program is not null) return;
            _restarts++;
        }

        _ = Task.Run(() => Start(isRestart: true));
    }

    /// <summary>How long to wait before the program runs again; null: it stays ended.</summary>
    private TimeSpan? RestartDelay(ExitStatus status)
    {
        RestartSpec restart = Definition.Restart;
        bool isShell = Definition.Command is null && Definition.OnExit == OnExit.RestartShell;
        if (isShell) return TimeSpan.Zero;
        bool isFailure = status.ShellCode != 0 || _unhealthy is not null;
        bool wanted = restart.Policy == RestartPolicy.Always || (restart.Policy == RestartPolicy.OnFailure && isFailure);
        if (!wanted) return null;
        DateTimeOffset now = _services.Time.GetUtcNow();
        _restartTimes.RemoveAll(time => now - time > restart.Within);
        if (_restartTimes.Count >= restart.Max)
        {
            _gaveUp = true;
            return null;
        }

        TimeSpan delay = restart.Delay * Math.Pow(2, _restartTimes.Count);
        _restartTimes.Add(now);
        return delay < MaxRestartDelay ? delay : MaxRestartDelay;
    }

    private SessionProgram Spawn(IReadOnlyList<string> argv, string? argv0, PreparedRun? prepared)
    {
        SessionDefinition definition = Definition;
        int columns;
        int rows;
        using (Enter()) (columns, rows) = (_terminal.Columns, _terminal.Rows);
        string mark = MarkOf(_runs);
        Cgroup? cgroup = _services.Cgroups.MakeRun(_journal.Epoch, _runs);
        HeldRun run = _services.Holder.Spawn(Item, _runs, Cgroups.Place(new SpawnRequest
        {
            Argv = argv,
            Argv0 = argv0,
            Environment = EnvironmentOfRun(prepared?.Environment, mark),
            WorkingFolder = prepared?.WorkingFolder ?? definition.Cwd,
            Columns = columns,
            Rows = rows,
            TerminalGroup = _services.TerminalGroup,
            User = definition.User,
        }, cgroup));
        return new SessionProgram(this, PtyMaster.Adopt(run.Master!), run, _journal, ProcessesOf(run.Pid, _runs));
    }

    private void Fail(string reason)
    {
        ExitStatus? status;
        using (Enter())
        {
            SetState(SessionStates.Failed, reason);
            status = _ended;
        }

        Keep();
        _services.Logger.SessionFailed(Name, reason);
        Note(reason);
        EndWaits(status);
    }

    /// <summary>Nothing runs, and nothing will by itself: whoever waits for the end has waited enough. Any thread.</summary>
    private void EndWaits(ExitStatus? status)
    {
        using (Enter())
        {
            if (_program is not null || _launch is not null) return;
            _isOver = true;
            _over.TrySetResult(status);
        }
    }

    /// <summary>Under the gate; somebody starts it.</summary>
    private void BeginWaits()
    {
        if (!_isOver) return;
        _isOver = false;
        _over = NewOver();
    }

    private static TaskCompletionSource<ExitStatus?> NewOver() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Under the gate.</summary>
    private void SetState(string state, string? reason)
    {
        if (_state != state) _since = _services.Time.GetUtcNow();
        _state = state;
        _reason = reason;
    }
}
