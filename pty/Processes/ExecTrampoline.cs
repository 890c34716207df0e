using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// What this binary does when a spawn needs another user: gives up root for good, goes to the working folder as that user, executes.
/// </summary>
public static unsafe class ExecTrampoline
{
    /// <summary>First argument that selects this; not a verb for people.</summary>
    public const string Verb = "__exec";

    internal const int MessageFd = 3;
    internal const int ReportFd = 4;

    /// <summary>Returns only when it failed; the reason went through the report descriptor.</summary>
    public static int Run()
    {
        try
        {
            // Both must not reach the program, and the report's end is what tells the parent that exec happened. Everything else was CLOEXEC in the parent.
            Libc.SetCloseOnExec(MessageFd, true);
            Libc.SetCloseOnExec(ReportFd, true);
            using var message = new SafeFd(MessageFd);
            SpawnRequest request = ExecMessage.Decode(ExecMessage.Load(message));
            // While still root: the folder is not the user's. What is not there any more does not keep the program from running.
            if (request.CgroupFolder is { } cgroup) KernelFile.TryWrite(Path.Combine(cgroup, Cgroup.Processes), "0");
            if (!request.User!.IsCurrent) BecomeUser(request.User);
            if (Libc.Chdir(request.WorkingFolder) != 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                throw new SpawnException($"working folder {request.WorkingFolder}: {Errno.Describe(errno)}", errno);
            }

            Execute(request);
        }
        catch (SpawnException failure)
        {
            ExecReport.Send(ReportFd, failure.Errno, failure.Message);
        }
        catch (IOException failure)
        {
            ExecReport.Send(ReportFd, Errno.EIO, failure.Message);
        }

        return 127;
    }

    private static void BecomeUser(UserIdentity user)
    {
        uint[] groups = [.. user.Groups];
        fixed (uint* start = groups) OsException.Check(Libc.SetGroups((nuint)groups.Length, start), "setgroups");
        OsException.Check(Libc.SetResGid(user.Gid, user.Gid, user.Gid), "setresgid");
        OsException.Check(Libc.SetResUid(user.Uid, user.Uid, user.Uid), "setresuid");
    }

    private static void Execute(SpawnRequest request)
    {
        string path = ProgramLookup.Resolve(request.Argv[0], request.Environment, request.WorkingFolder);
        string[] arguments = [request.Argv0 ?? request.Argv[0], .. request.Argv.Skip(1)];
        using var argv = new NativeStrings(arguments);
        using var environment = NativeStrings.OfEnvironment(request.Environment);
        byte* nativePath = NativeStrings.Copy(path);
        _ = Libc.Execve(nativePath, argv.Start, environment.Start);
        int errno = Marshal.GetLastPInvokeError();
        NativeMemory.Free(nativePath);
        throw new SpawnException($"{request.Argv[0]}: {Errno.Describe(errno)}", errno);
    }
}
