using System.Text;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Hooks;
using Sessiond.Hooks.Secrets;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>The way to a running program: what it needs, its folder, <c>before</c> and <c>init</c>, and the program itself, all on one terminal.</summary>
internal sealed partial class Session
{
    private const string InitPhase = "init";

    private CancellationTokenSource? _launch; // under the gate; of a launch that is under way
    private TaskCompletionSource<ExitStatus>? _phaseEnd; // under the gate; of a script before the program
    private string? _phase; // under the gate; the script that the last run is; null: the program itself
    private string? _scriptFile; // under the gate; where that script leaves its environment
    private long _runFrom; // under the gate; where in the journal the last run began

    /// <summary>Starts the program unless it runs or is about to. Blocks a few milliseconds at most; what takes longer goes on behind it. For pool threads.</summary>
    internal void Start() => Start(isRestart: false);

    private void Start(bool isRestart)
    {
        // One at a time, and never while a stop looks for the program: what it did not find would be started behind its back.
        _starting.Wait();
        try
        {
            CancellationTokenSource launch;
            using (Enter())
            {
                if (_program is not null || _launch is not null || _isReleased || (isRestart && _stopAsked)) return;
                TakeNextDefinition();
                SetState(SessionStates.Starting, null);
                _ended = null;
                _exitedAt = null;
                BeginWaits();
                _stopAsked = false;
                _gaveUp = false;
                _secretsFingerprint = null;
                _isEnvironmentStale = false;
                _launch = launch = new CancellationTokenSource();
            }

            SessionDefinition definition = Definition;
            Keep();
            bool isReady = (isRestart || _services.Support.Needs.StateOf(definition).IsMet)
                && definition is { Before: null, Init: null, Repository: null } && !_services.Support.Secrets.HasAny(SecretScope.Sessions) && OwnSecrets.Count == 0;
            if (isReady) FinishLaunch(launch, () => StartProgram(null));
            else _ = Task.Run(() => LaunchAsync(launch, isRestart));
        }
        finally
        {
            _starting.Release();
        }

        Keep();
        Changed();
    }

    private async Task LaunchAsync(CancellationTokenSource launch, bool isRestart)
    {
        CancellationToken cancellation = launch.Token;
        try
        {
            if (!isRestart) await NeedsAsync(cancellation);
            await FetchSecretsAsync(cancellation);
            PreparedRun? prepared = await PrepareAsync(cancellation);
            await _starting.WaitAsync(cancellation);
            try
            {
                cancellation.ThrowIfCancellationRequested();
                FinishLaunch(launch, () => StartProgram(prepared));
            }
            finally
            {
                _starting.Release();
            }
        }
        catch (OperationCanceledException)
        {
            FinishLaunch(launch, () => EndWaits(null));
        }
        catch (IOException failure)
        {
            FinishLaunch(launch, () => Fail(failure.Message));
        }

        Keep();
        Changed();
    }

    private void FinishLaunch(CancellationTokenSource launch, Action last)
    {
        using (Enter())
        {
            if (_launch == launch) _launch = null;
        }

        try
        {
            last();
        }
        catch (IOException failure)
        {
            Fail(failure.Message);
        }
    }

    /// <summary>Waits for what the session needs. While something of it is broken the session is <c>failed</c>, and goes on when that is mended.</summary>
    private async Task NeedsAsync(CancellationToken cancellation)
    {
        SessionDefinition definition = Definition;
        SessionNeeds needs = _services.Support.Needs;
        while (true)
        {
            Task change = needs.NextChange(definition);
            NeedState state = needs.StateOf(definition);
            if (state.IsMet) return;
            Tell(state.IsBroken ? SessionStates.Failed : SessionStates.Initializing, state.Reason);
            await change.WaitAsync(cancellation);
        }
    }

    /// <summary>By its name in the spec: what it is called since does not make it another one.</summary>
    private string InitMarker => $"session.{SpecName ?? Name}.init";

    private async Task<PreparedRun?> PrepareAsync(CancellationToken cancellation)
    {
        SessionDefinition definition = Definition;
        if (definition.ClonePath is { } clone && !Directory.Exists(clone))
        {
            _services.Support.Folders.Prepare(definition);
            var around = new PreparedRun(new Dictionary<string, string>(BaseEnvironment(definition)) { ["GIT_TERMINAL_PROMPT"] = "0" }, Path.GetDirectoryName(clone)!);
            await RunPhaseAsync("clone", ManagedFolders.CloneArgv(definition), around, cancellation);
        }

        if (definition is { ClonePath: { } folder, AutoCommit: { } save }) await _services.Support.AutoCommits.StartSessionAsync(definition, folder, save);
        PreparedRun? prepared = null;
        if (definition.Before is { } before) prepared = await RunScriptAsync("before", before, prepared, cancellation);
        if (definition.Init is not { } init) return prepared;
        string marker = InitMarker;
        if (_services.Support.Markers.Find(marker) is not null) return prepared;
        prepared = await RunScriptAsync(InitPhase, init, prepared, cancellation);
        MarkInit();
        return prepared;
    }

    private void MarkInit()
    {
        try
        {
            _services.Support.Markers.Keep(InitMarker, "-");
        }
        catch (IOException failure)
        {
            // It did its work. The marker is written when there is room; until then it holds in memory.
            Note($"the marker of init is not written yet: {failure.Message}");
        }
    }

    /// <summary>A script that ran while a daemon before us ended: after it the launch begins again, and <c>init</c> has run if it succeeded. Under the gate.</summary>
    private void AdoptPhase(string phase, string? scriptFile)
    {
        var end = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        var launch = new CancellationTokenSource();
        (_phase, _phaseEnd, _launch) = (phase, end, launch);
        // The daemon before us may have ended before it knew that the script ran.
        if (_state == SessionStates.Starting) SetState(SessionStates.Initializing, $"runs {phase}");
        _ = Task.Run(async () =>
        {
            ExitStatus status = await end.Task;
            if (scriptFile is not null) EnvironmentFile.Remove(scriptFile);
            if (status.ShellCode == 0 && phase == InitPhase) MarkInit();
            if (status.ShellCode == 0 || launch.IsCancellationRequested)
            {
                await LaunchAsync(launch, isRestart: true);
                return;
            }

            NoteFailed(status);
            FinishLaunch(launch, () => Fail($"{phase} {status}"));
        });
    }

    /// <summary>The end of a script after which nothing follows is the session's.</summary>
    private void NoteFailed(ExitStatus status)
    {
        using (Enter())
        {
            _ended = status;
            _exitedAt = _services.Time.GetUtcNow();
        }
    }

    private async Task<PreparedRun?> RunScriptAsync(string name, CommandSet commands, PreparedRun? prepared, CancellationToken cancellation)
    {
        SessionDefinition definition = Definition;
        using EnvironmentFile? file = EnvironmentFile.Create(definition.User);
        if (file is null) Note($"what {name} exports is lost: no temporary file can be made");
        // Secrets are kept nowhere; what comes next gets them anew.
        IReadOnlyList<string> argv = ShellScript.Argv(commands, definition.Shell, definition.Login, file?.Path, _secrets.Variables.Keys);
        using (Enter()) _scriptFile = file?.Path;
        await RunPhaseAsync(name, argv, prepared, cancellation);
        if (file?.Read() is not { } environment) return prepared;
        foreach (string ofTheScript in (string[])["SHLVL", "_", "OLDPWD"]) environment.Remove(ofTheScript);
        string folder = environment.Remove("PWD", out string? left) && Directory.Exists(left) ? left : prepared?.WorkingFolder ?? definition.Cwd;
        return new PreparedRun(environment, folder);
    }

    /// <summary>Runs a script on the session's terminal.</summary>
    /// <exception cref="IOException">It could not be started, or did not exit with 0.</exception>
    private async Task RunPhaseAsync(string name, IReadOnlyList<string> argv, PreparedRun? prepared, CancellationToken cancellation)
    {
        var end = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _starting.WaitAsync(cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            RunOnTerminal(argv, null, prepared, name, () =>
            {
                _phaseEnd = end;
                SetState(SessionStates.Initializing, $"runs {name}");
            });
        }
        finally
        {
            _starting.Release();
        }

        Changed();
        ExitStatus status = await end.Task;
        cancellation.ThrowIfCancellationRequested();
        if (status.ShellCode == 0) return;
        NoteFailed(status);
        throw new IOException($"{name} {status}");
    }

    /// <summary>Spawns the session's own program. Under <see cref="_starting"/>.</summary>
    /// <exception cref="IOException">It could not be started.</exception>
    private void StartProgram(PreparedRun? prepared)
    {
        SessionDefinition definition = Definition;
        string? argv0 = definition.Command is null && definition.Login ? "-" + Path.GetFileName(definition.Shell) : null;
        SessionProgram program = RunOnTerminal(definition.Command?.ToArgv() ?? [definition.Shell], argv0, prepared, null, () =>
        {
            _startedAt = _services.Time.GetUtcNow();
            _offsetAtStart = _runFrom;
            BeginHealth(definition);
        });
        _secrets = SecretSet.Empty;
        _services.Logger.SessionStarted(Name, program.Pid);
    }

    /// <summary>Spawns a program on the session's terminal.</summary>
    /// <param name="argv">Program and arguments.</param>
    /// <param name="argv0">See <see cref="SpawnRequest.Argv0"/>.</param>
    /// <param name="prepared">What scripts before it left; null: the definition's own.</param>
    /// <param name="phase">The script that it is; null: the program itself.</param>
    /// <param name="underGate">Sets the state, in one step with the program.</param>
    private SessionProgram RunOnTerminal(IReadOnlyList<string> argv, string? argv0, PreparedRun? prepared, string? phase, Action underGate)
    {
        using (Enter())
        {
            _runs++;
            _phase = phase;
            _runFrom = _journal.Written;
            _log.IsLive = true;
        }

        // Before the holder is asked: a daemon that comes after us must know that a run was wanted.
        Keep();
        SessionProgram program;
        try
        {
            program = Spawn(argv, argv0, prepared);
        }
        catch (IOException)
        {
            DropRun();
            throw;
        }

        using (Enter())
        {
            _program = program;
            _processes = program.Processes;
            underGate();
        }

        Post(() =>
        {
            ForgetPrompts();
            DisarmForNewRun();
            program.Watch(_loop);
        });
        Keep();
        return program;
    }

    /// <summary>The last run came to nothing: its program could not be executed.</summary>
    private void DropRun()
    {
        using (Enter()) _endedRun = _runs;
        RemoveCgroups(ProcessesOf(NoLeader, _runs));
    }

    private void Tell(string state, string? reason)
    {
        bool isNew;
        using (Enter())
        {
            isNew = _state != state || _reason != reason;
            // A stop meanwhile has the last word.
            if (isNew && !_stopAsked) SetState(state, reason);
        }

        if (!isNew) return;
        Keep();
        Changed();
    }

    /// <summary>What is shown on the terminal too: whoever attaches sees why there is no program.</summary>
    private void Note(string text)
    {
        byte[] note = Encoding.UTF8.GetBytes($"sessiond: {text}\r\n");
        Post(() =>
        {
            _journal.Append(note);
            OnOutput(note.Length);
        });
    }

    /// <summary>The environment and folder that scripts before the program left for it.</summary>
    private sealed record PreparedRun(IReadOnlyDictionary<string, string> Environment, string WorkingFolder);
}
