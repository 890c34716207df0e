using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// One posix_spawn(3): signals back to their defaults, an empty mask, the descriptors and, where asked, a session of its own.
/// </summary>
/// <remarks>
/// glibc and musl run setsid before the file actions, so the slave that is opened as descriptor 0 becomes the controlling terminal; macOS
/// orders these differently, Linux only. SETSIGDEF names every signal: the runtime ignores SIGPIPE and an ignored signal is inherited.
/// </remarks>
internal sealed unsafe class SpawnCall : IDisposable
{
    /// <summary>posix_spawn_file_actions_t is 80 bytes and posix_spawnattr_t 336 in glibc and musl on 64-bit; opaque, hence room to spare.</summary>
    private const int OpaqueSize = 1024;

    /// <summary>sigset_t is 128 bytes in glibc and musl.</summary>
    private const int SignalSetSize = 128;

    private readonly void* _actions = NativeMemory.AllocZeroed(OpaqueSize);
    private readonly void* _attributes = NativeMemory.AllocZeroed(OpaqueSize);
    private readonly List<nint> _strings = [];
    private readonly short _flags;

    internal SpawnCall(bool newSession)
    {
        Check(Libc.FileActionsInit(_actions));
        Check(Libc.SpawnAttributesInit(_attributes));
        byte* signals = stackalloc byte[SignalSetSize];
        _ = Libc.SigFillSet(signals);
        Check(Libc.SpawnAttributesSetSigDefault(_attributes, signals));
        _ = Libc.SigEmptySet(signals);
        Check(Libc.SpawnAttributesSetSigMask(_attributes, signals));
        _flags = (short)(Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | (newSession ? Libc.POSIX_SPAWN_SETSID : 0));
        Check(Libc.SpawnAttributesSetFlags(_attributes, _flags));
    }

    /// <summary>True where the C library can have the child begin its life in another cgroup.</summary>
    internal static bool CanEnterCgroup => Libc.SpawnAttributesSetCgroup != 0;

    /// <summary>Has the child begin its life in the cgroup of an open folder.</summary>
    internal void EnterCgroup(int folder)
    {
        Check(((delegate* unmanaged<void*, int, int>)Libc.SpawnAttributesSetCgroup)(_attributes, folder));
        Check(Libc.SpawnAttributesSetFlags(_attributes, (short)(_flags | Libc.POSIX_SPAWN_SETCGROUP)));
    }

    /// <summary>Takes that back.</summary>
    internal void StayInCgroup() => Check(Libc.SpawnAttributesSetFlags(_attributes, _flags));

    internal void Open(int fd, string path, int flags) => Check(Libc.FileActionsAddOpen(_actions, fd, Keep(path), flags, 0));

    internal void Duplicate(int fd, int newFd) => Check(Libc.FileActionsAddDup2(_actions, fd, newFd));

    internal void ChangeFolder(string path) => Check(Libc.FileActionsAddChdir(_actions, Keep(path)));

    /// <summary>Spawns. Returns 0 and the pid, or the errno of whatever failed up to and including exec.</summary>
    internal int Run(string path, NativeStrings argv, NativeStrings environment, out int pid)
    {
        int child = 0;
        int errno = Libc.PosixSpawn(&child, Keep(path), _actions, _attributes, argv.Start, environment.Start);
        pid = child;
        return errno;
    }

    public void Dispose()
    {
        _ = Libc.FileActionsDestroy(_actions);
        _ = Libc.SpawnAttributesDestroy(_attributes);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_attributes);
        foreach (nint text in _strings) NativeMemory.Free((void*)text);
    }

    private static void Check(int errno)
    {
        if (errno != 0) throw new OsException("prepare posix_spawn", errno);
    }

    private byte* Keep(string text)
    {
        byte* copy = NativeStrings.Copy(text);
        _strings.Add((nint)copy);
        return copy;
    }
}
