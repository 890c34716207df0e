using System.Text.Json;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>What outlives the daemon: the record and the journal at the holder, and beginning again from them.</summary>
internal sealed partial class Session
{
    /// <summary>No process has this number: they are found by mark and cgroup alone.</summary>
    private const int NoLeader = -1;

    private readonly Lock _recordGate = new(); // guards _kept, and that records reach the holder in order
    private byte[] _kept = [];

    /// <summary>Id at the holder.</summary>
    internal long Item { get; }

    /// <summary>Its name in the spec, whatever it is called now; null for a session of the API.</summary>
    internal string? SpecName { get; }

    /// <summary>Becomes what a daemon before us left; touches nothing that this one would need to go on. Once, right after construction.</summary>
    internal void Restore(SessionRecord record, HandedItem item)
    {
        _createdAt = record.CreatedAt;
        using (Enter())
        {
            if (record is { ControllerAttachment: { } attachment, ControllerUser: { } user })
            {
                _reservation = new ControlReservation(attachment, user, Environment.TickCount64 + ControlReservation.Milliseconds);
            }

            (_state, _reason, _since) = (record.State, record.Reason, record.Since);
            (_restoredAt, _runFrom) = (record.RestoredAt, record.RunFrom);
            _secretsFingerprint = record.SecretsFingerprint;
            (_isOutdated, _isEnvironmentStale) = (record.Outdated, record.EnvStale);
            _ownVariables = record.OwnVariables ?? _ownVariables;
            _ownSecrets = record.OwnSecrets ?? _ownSecrets;
            (_startedAt, _exitedAt) = (record.StartedAt, record.ExitedAt);
            if (record.ExitCode is not null || record.ExitSignal is not null) _ended = new ExitStatus(record.ExitCode, record.ExitSignal);
            _frozen = record.Frozen ?? [];
            (_runs, _endedRun, _restarts) = (record.Runs, record.EndedRun, record.Restarts);
            (_stopAsked, _gaveUp, _titleOverride) = (record.StopAsked, record.GaveUp, record.Title);
        }

        _restartTimes.AddRange(record.RestartTimes);
        using PtyMaster? master = item.Run?.Master is { } fd ? PtyMaster.Adopt(fd.Duplicate()) : null;
        Replay(master?.ForegroundProcessGroup() ?? 0);
    }

    /// <summary>Goes on with a program that the holder kept, or with its end, or with what it was about to do. Once, after the session is as it was left.</summary>
    internal void GoOn(SessionRecord record, HandedItem item)
    {
        if (Definition is { ClonePath: { } clone, AutoCommit: { } save } definition && Directory.Exists(clone))
        {
            // Work is saved on, also of a program that was started long ago or has ended.
            _ = Task.Run(() => _services.Support.AutoCommits.StartSessionAsync(definition, clone, save));
        }

        // What earlier runs left in the background can still be ended.
        if (record.Runs > 0) _processes = ProcessesOf(NoLeader, record.Runs);
        HeldRun? held = item.Run;
        if (held?.Tag == _endedRun)
        {
            held.Release();
            held = null;
        }

        if (held is { Master: not null }) Adopt(held, record);
        else if (item.Starting is { } starting) _ = AdoptStartingAsync(starting, record);
        else if (record.IsLaunching && !record.StopAsked) _ = Task.Run(() => Start(isRestart: false));
        else if (record.Runs > record.EndedRun || record.State == SessionStates.Starting) _ = Task.Run(() => Start(isRestart: true));
        else if (record.Runs > 0 || record.State == SessionStates.Failed) EndWaits(_ended);
    }

    /// <summary>Whether a stop was under way, which the one who asked for it can no longer wait for.</summary>
    internal bool WasStopping => _stopAsked && _program is not null;

    private void Adopt(HeldRun run, SessionRecord record)
    {
        var program = new SessionProgram(this, PtyMaster.Adopt(run.Master!), run, _journal, ProcessesOf(run.Pid, run.Tag));
        using (Enter())
        {
            _program = program;
            _processes = program.Processes;
            if (record.Phase is { } phase) AdoptPhase(phase, record.ScriptFile);
            else AdoptHealth(record.IsReady);
            _startedAt ??= _services.Time.GetUtcNow();
            program.Resize(_terminal.Columns, _terminal.Rows, _terminal.Profile.PixelWidth, _terminal.Profile.PixelHeight);
        }

        _ = Task.Run(() => AdoptPauseAsync(program.Processes, record.State == SessionStates.Paused));
        Post(() =>
        {
            program.Watch(_loop);
            // What was asked and not yet answered when the daemon before us ended.
            _host.Flush();
        });
    }

    /// <summary>A program on its way: whoever asks for a start or a stop meanwhile waits for what comes of it, as with a start of our own.</summary>
    private async Task AdoptStartingAsync(Task<HeldRun> starting, SessionRecord record)
    {
        await _starting.WaitAsync();
        try
        {
            Adopt(await starting, record);
        }
        catch (IOException failure)
        {
            DropRun();
            Fail(failure.Message);
        }
        finally
        {
            _starting.Release();
        }

        Keep();
    }

    private SessionProcesses ProcessesOf(int leader, int run) => new(leader, MarkOf(run), _services.Cgroups.OfSession(_journal.Epoch), run);

    /// <summary>Removes the cgroups of runs up to one in which nobody is left.</summary>
    private static void RemoveCgroups(SessionProcesses processes)
    {
        foreach (Cgroup run in processes.Cgroups()) run.TryRemove();
    }

    private string MarkOf(int run) => $"{_journal.Epoch}.{run}";

    /// <summary>Has the holder keep what the next daemon must know. After each change of it; cheap when nothing changed. Any thread.</summary>
    private void Keep()
    {
        lock (_recordGate)
        {
            if (_isForgotten) return;
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(Record(), RecordJsonContext.Default.SessionRecord);
            if (bytes.AsSpan().SequenceEqual(_kept)) return;
            bool isFirst = _kept.Length == 0;
            _kept = bytes;
            if (isFirst) _services.Holder.Put(Item, bytes, _journal.Fd);
            else _services.Holder.Put(Item, bytes);
        }
    }

    private void ForgetAtHolder()
    {
        lock (_recordGate)
        {
            _isForgotten = true;
            _services.Holder.Forget(Item);
        }
    }

    private SessionRecord Record()
    {
        using (Enter())
        {
            SessionDefinition definition = _definition;
            return new SessionRecord
            {
                Name = definition.Name,
                SpecName = SpecName,
                Request = definition.ToRequest(),
                FolderName = definition.FolderName,
                Owner = definition.Owner,
                Labels = definition.Labels,
                Title = _titleOverride,
                State = _state,
                Reason = _reason,
                CreatedAt = _createdAt,
                StartedAt = _startedAt,
                ExitedAt = _exitedAt,
                ExitCode = _ended?.Code,
                ExitSignal = _ended?.Signal,
                Runs = _runs,
                EndedRun = _endedRun,
                Restarts = _restarts,
                RestartTimes = [.. _restartTimes],
                StopAsked = _stopAsked,
                Body = definition.Request?.Body is { } body ? System.Text.Encoding.UTF8.GetString(body) : null,
                Since = _since,
                IsLaunching = _launch is not null,
                Phase = _phase,
                ScriptFile = _phase is null ? null : _scriptFile,
                IsReady = _isReady,
                RunFrom = _runFrom,
                RestoredAt = _restoredAt,
                GaveUp = _gaveUp,
                Port = definition.Port,
                Frozen = _frozen,
                ControllerAttachment = _controller?.Id ?? _reservation?.Attachment,
                ControllerUser = _controller?.Identity.User ?? _reservation?.User,
                IsReleased = _isReleased,
                SecretsFingerprint = _secretsFingerprint,
                OwnVariables = _ownVariables.Count == 0 ? null : _ownVariables,
                OwnSecrets = _ownSecrets.Count == 0 ? null : _ownSecrets,
                Outdated = _isOutdated,
                EnvStale = _isEnvironmentStale,
                Columns = _firstColumns,
                Rows = _firstRows,
            };
        }
    }
}
