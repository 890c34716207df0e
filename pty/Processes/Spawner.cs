namespace Sessiond.Pty;

/// <summary>
/// The one place where processes come from and their descriptors belong: sessions on a pty, hooks and probes on a pipe.
/// </summary>
/// <remarks>Any thread. The holder process takes this over as it is.</remarks>
public sealed class Spawner
{
    private readonly ChildReaper _reaper;
    private readonly string _ownBinary;

    /// <summary>Makes a spawner.</summary>
    /// <param name="reaper">Reaps what the children leave behind.</param>
    /// <param name="ownBinary">Path of this program, for becoming another user.</param>
    public Spawner(ChildReaper reaper, string ownBinary)
    {
        _reaper = reaper;
        _ownBinary = ownBinary;
    }

    /// <summary>Spawns a program. Blocks until it has executed or failed to.</summary>
    /// <exception cref="SpawnException">It could not be executed: no such file, permission denied, no such folder.</exception>
    /// <exception cref="OsException">The kernel has no process or descriptor to give.</exception>
    public ChildProcess Spawn(SpawnRequest request)
    {
        if (!Directory.Exists(request.WorkingFolder))
        {
            throw new SpawnException($"working folder {request.WorkingFolder}: no such file", Errno.ENOENT);
        }

        return request.User is { IsCurrent: false } ? SpawnAsUser(request) : SpawnDirectly(request);
    }

    private ChildProcess SpawnDirectly(SpawnRequest request)
    {
        string path = ProgramLookup.Resolve(request.Argv[0], request.Environment, request.WorkingFolder);
        using var call = new SpawnCall(newSession: true);
        AddStandardStreams(call, request);
        call.ChangeFolder(request.WorkingFolder);
        (int errno, ChildProcess? child) = Run(call, path, ArgvOf(request), request.Environment);
        if (child is not null) return child;
        throw new SpawnException($"{request.Argv[0]}: {Errno.Describe(errno)}", errno);
    }

    /// <summary>
    /// Another user: this binary once more, which gives up its privileges and executes. The request goes through a memfd and not through argv and
    /// environment, since the environment is the other user's word and would be read by a loader that still runs as root.
    /// </summary>
    private ChildProcess SpawnAsUser(SpawnRequest request)
    {
        using SafeFd message = ExecMessage.Write(request);
        using var report = ExecReport.Create();
        using var call = new SpawnCall(newSession: true);
        AddStandardStreams(call, request);
        call.Duplicate(message.Value, ExecTrampoline.MessageFd);
        call.Duplicate(report.WriteEnd.Value, ExecTrampoline.ReportFd);
        string[] argv = [_ownBinary, ExecTrampoline.Verb];
        (int errno, ChildProcess? child) = Run(call, _ownBinary, argv, new Dictionary<string, string>());
        if (child is null) throw new OsException($"spawn {_ownBinary}", errno);
        if (report.WaitForExec(out string failure, out int execErrno)) return child;
        // The report is its last word, but it may take a moment to end after it.
        child.WaitAndReap();
        child.Dispose();
        throw new SpawnException(failure, execErrno);
    }

    private (int Errno, ChildProcess? Child) Run(
        SpawnCall call, string path, IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment)
    {
        using var nativeArgv = new NativeStrings(argv);
        using var nativeEnvironment = NativeStrings.OfEnvironment(environment);
        return _reaper.Own<(int, ChildProcess?)>(() =>
        {
            int errno = call.Run(path, nativeArgv, nativeEnvironment, out int pid);
            if (errno != 0) return (0, (errno, null));
            // The child is unreaped, so its pid still means it.
            SafeFd pidFd = ChildProcess.OpenPidFd(pid) ?? throw new OsException($"pidfd_open of {pid}", Errno.ESRCH);
            return (pid, (0, new ChildProcess(pid, pidFd, _reaper)));
        });
    }

    private static void AddStandardStreams(SpawnCall call, SpawnRequest request)
    {
        if (request.SlavePath is { } slave)
        {
            call.Open(0, slave, Libc.O_RDWR);
            call.Duplicate(0, 1);
        }
        else
        {
            if (request.Input is { } input) call.Duplicate(input.Value, 0);
            else call.Open(0, "/dev/null", Libc.O_RDONLY);
            if (request.Output is { } output) call.Duplicate(output.Value, 1);
            else call.Open(1, "/dev/null", Libc.O_RDWR);
        }

        if (request.SlavePath is null && request.Error is { } error) call.Duplicate(error.Value, 2);
        else call.Duplicate(1, 2);
    }

    private static IReadOnlyList<string> ArgvOf(SpawnRequest request) =>
        request.Argv0 is { } argv0 ? [argv0, .. request.Argv.Skip(1)] : request.Argv;
}
