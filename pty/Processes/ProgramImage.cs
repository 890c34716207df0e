using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Executes another program in place of this one: same pid, same children, same descriptors but those that are CLOEXEC.</summary>
public static unsafe class ProgramImage
{
    /// <summary>Replaces this program, execve(2). Returns only when it failed.</summary>
    /// <param name="path">The file to execute.</param>
    /// <param name="argv">Its arguments, the name first.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="kept">Descriptors that stay open.</param>
    /// <returns>The errno value.</returns>
    public static int Replace(string path, IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, IEnumerable<SafeFd> kept)
    {
        SafeFd[] open = [.. kept];
        foreach (SafeFd fd in open) Libc.SetCloseOnExec(fd.Value, false);
        using var nativeArgv = new NativeStrings(argv);
        using var nativeEnvironment = NativeStrings.OfEnvironment(environment);
        byte* nativePath = NativeStrings.Copy(path);
        _ = Libc.Execve(nativePath, nativeArgv.Start, nativeEnvironment.Start);
        int errno = Marshal.GetLastPInvokeError();
        NativeMemory.Free(nativePath);
        foreach (SafeFd fd in open) Libc.SetCloseOnExec(fd.Value, true);
        return errno;
    }
}
