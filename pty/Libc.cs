using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// The C library as this program uses it, Linux only: blittable types, errno read right after each call.
/// </summary>
/// <remarks>
/// <c>open</c>, <c>ioctl</c>, <c>fcntl</c> and <c>syscall</c> are variadic in C; fixed signatures are correct on linux-x64 and linux-arm64
/// (and not on macOS arm64, dotnet/runtime#48752). Structures that differ between C libraries are passed as byte buffers.
/// </remarks>
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    // open(2), asm-generic/fcntl.h; the same on x86-64 and arm64 for the flags used here.
    internal const int O_RDONLY = 0;
    internal const int O_RDWR = 2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(int fd, byte* buffer, nint count, long offset);

    [LibraryImport(Name, EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(int fd, int operation);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport(Name, EntryPoint = "writev", SetLastError = true)]
    internal static partial nint WriteVector(int fd, IoVector* vectors, int count);

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, void* argument);

    private const int F_SETFL = 4;
    private const int F_DUPFD_CLOEXEC = 1030;

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int fd, int command, int argument);

    internal static int DupCloseOnExec(int fd) => FileControl(fd, F_DUPFD_CLOEXEC, 0);

    /// <summary>For a descriptor whose only status flag this is to be.</summary>
    internal static int SetNonBlocking(int fd) => FileControl(fd, F_SETFL, O_NONBLOCK);
    private const int F_SETFD = 2;

    internal static void SetCloseOnExec(int fd, bool isOn) => _ = FileControl(fd, F_SETFD, isOn ? 1 : 0);

    [LibraryImport(Name, EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe2(int* fds, int flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Syscall(nint number, nint a, nint b, nint c, nint d);

    /// <summary>struct iovec, readv(2): 16 bytes on 64-bit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal byte* Start;
        internal nint Length;
    }
}
