namespace Sessiond.Pty;

/// <summary>
/// A program on its way to exec. Its own user's has executed when this exists; one of another user reports on a pipe whether it came as far, so that whoever starts many of
/// them need not wait for each.
/// </summary>
public sealed class ProgramStart : IDisposable
{
    private readonly ExecReport? _report;

    private ProgramStart(int pid, ExecReport? report)
    {
        Pid = pid;
        _report = report;
    }

    /// <summary>Pid of the child; it leads a session of its own.</summary>
    public int Pid { get; }

    /// <summary>Readable or at its end once <see cref="TryFinish"/> knows; null when it has executed already.</summary>
    public SafeFd? Report => _report?.ReadEnd;

    /// <summary>Spawns. The caller is the one who reaps.</summary>
    /// <param name="request">What to execute.</param>
    /// <param name="ownBinary">Path of this program, for becoming another user.</param>
    /// <exception cref="SpawnException">It could not be executed: no such file, permission denied, no such folder.</exception>
    /// <exception cref="OsException">The kernel has no process or descriptor to give.</exception>
    public static ProgramStart Begin(SpawnRequest request, string ownBinary)
    {
        if (!Directory.Exists(request.WorkingFolder))
        {
            throw new SpawnException($"working folder {request.WorkingFolder}: no such file", Errno.ENOENT);
        }

        return request.User is { IsCurrent: false } ? BeginTrampoline(request, ownBinary) : BeginDirectly(request);
    }

    /// <summary>False when the program could not be executed, and why not: the child ends by itself. Asked before <see cref="Report"/> is readable it is taken for executed.</summary>
    public bool TryFinish(out string failure, out int errno)
    {
        (failure, errno) = ("", 0);
        return _report is null || _report.HasExecuted(out failure, out errno);
    }

    /// <summary>Waits until <see cref="TryFinish"/> knows. For a caller that has nothing else to do.</summary>
    public void Wait()
    {
        if (Report is { } report) Waiting.Readable(report, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for the end of a short program and reaps it; true when it exited with 0.</summary>
    /// <param name="limit">One that takes longer is killed.</param>
    public bool Succeeds(TimeSpan limit)
    {
        using SafeFd? end = ChildProcess.OpenPidFd(Pid);
        if (end is not null && !Waiting.Readable(end, limit)) _ = Libc.Kill(Pid, SignalNames.Kill);
        return WaitStatus.Wait(Libc.P_PID, Pid) is { Code: 0 };
    }

    /// <inheritdoc/>
    public void Dispose() => _report?.Dispose();

    private static ProgramStart BeginDirectly(SpawnRequest request)
    {
        string path = ProgramLookup.Resolve(request.Argv[0], request.Environment, request.WorkingFolder);
        using var call = new SpawnCall(newSession: true);
        AddStandardStreams(call, request);
        if (request.Descriptor3 is { } extra) call.Duplicate(extra.Value, 3);
        call.ChangeFolder(request.WorkingFolder);
        int errno = RunInCgroup(call, path, request, out int pid);
        return errno == 0 ? new ProgramStart(pid, null) : throw new SpawnException($"{request.Argv[0]}: {Errno.Describe(errno)}", errno);
    }

    /// <summary>
    /// Another user: this binary once more, which gives up its privileges and executes. The request goes through a memfd and not through argv and
    /// environment, since the environment is the other user's word and would be read by a loader that still runs as root.
    /// </summary>
    private static ProgramStart BeginTrampoline(SpawnRequest request, string ownBinary)
    {
        using MemoryFile message = MemoryFile.Of("sessiond-exec", ExecMessage.Encode(request));
        var report = ExecReport.Create();
        try
        {
            using var call = new SpawnCall(newSession: true);
            AddStandardStreams(call, request);
            call.Duplicate(message.Fd.Value, ExecTrampoline.MessageFd);
            call.Duplicate(report.WriteEnd.Value, ExecTrampoline.ReportFd);
            int errno = Run(call, ownBinary, [ownBinary, ExecTrampoline.Verb], new Dictionary<string, string>(), request.FileLimit, out int pid);
            if (errno != 0) throw new OsException($"spawn {ownBinary}", errno);
            report.WriteEnd.Dispose();
            return new ProgramStart(pid, report);
        }
        catch
        {
            report.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Spawns in the request's cgroup, so that nothing the program does comes before it is there. Where that cannot be it is spawned all the same: what it leaves behind is found in other ways.
    /// </summary>
    private static int RunInCgroup(SpawnCall call, string path, SpawnRequest request, out int pid)
    {
        if (request.CgroupFolder is not { } folder) return Run(call, path, request, out pid);
        if (SpawnCall.CanEnterCgroup)
        {
            using SafeFd? group = OpenFiles.TryOpenFolder(folder);
            if (group is not null)
            {
                call.EnterCgroup(group.Value);
                int errno = Run(call, path, request, out pid);
                // The kernel's word on the cgroup and the one on the program are the same; only the next try tells.
                if (errno == 0) return 0;
                call.StayInCgroup();
            }
        }

        using CgroupDoor? door = CgroupDoor.TryEnter(folder);
        return Run(call, path, request, out pid);
    }

    private static int Run(SpawnCall call, string path, SpawnRequest request, out int pid) =>
        Run(call, path, ArgvOf(request), request.Environment, request.FileLimit, out pid);

    private static int Run(
        SpawnCall call, string path, IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, long? fileLimit, out int pid)
    {
        using var nativeArgv = new NativeStrings(argv);
        using var nativeEnvironment = NativeStrings.OfEnvironment(environment);
        // posix_spawn(3) sets no limits: the child inherits ours. Around nothing else, since we have more open than a program may.
        if (fileLimit is { } limit) OpenFiles.SetLimit(limit);
        try
        {
            return call.Run(path, nativeArgv, nativeEnvironment, out pid);
        }
        finally
        {
            if (fileLimit is not null) OpenFiles.RaiseLimit();
        }
    }

    private static void AddStandardStreams(SpawnCall call, SpawnRequest request)
    {
        if (request.KeepStandardStreams) return;
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
