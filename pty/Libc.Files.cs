using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Names in folders.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Symlink(string target, string path);

    [LibraryImport(Name, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    [LibraryImport(Name, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    internal const int AT_REMOVEDIR = 0x200;

    // asm/fcntl.h: arm64 has its own.
    internal static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    internal static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport(Name, EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(int folder, byte* path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "unlinkat", SetLastError = true)]
    internal static partial int UnlinkAt(int folder, byte* path, int flags);

    [LibraryImport(Name, EntryPoint = "renameat", SetLastError = true)]
    internal static partial int RenameAt(int fromFolder, byte* from, int toFolder, byte* to);

    /// <summary>Takes the descriptor over.</summary>
    [LibraryImport(Name, EntryPoint = "fdopendir", SetLastError = true)]
    internal static partial nint OpenFolderStream(int fd);

    /// <summary>The next struct dirent; null at the end.</summary>
    [LibraryImport(Name, EntryPoint = "readdir", SetLastError = true)]
    internal static partial byte* ReadFolder(nint folder);

    [LibraryImport(Name, EntryPoint = "closedir", SetLastError = true)]
    internal static partial int CloseFolderStream(nint folder);
}
