using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sessiond.Pty;

/// <summary>
/// Signals of this process as a descriptor, signalfd(2), instead of handlers: for a process that must not use the runtime's own signal handling, which reaps
/// children when it is PID 1.
/// </summary>
public sealed unsafe class SignalSource : IDisposable
{
    /// <summary>sigset_t is 128 bytes in glibc and musl.</summary>
    private const int SetSize = 128;

    /// <summary>struct signalfd_siginfo, signalfd(2): 128 bytes, the number first.</summary>
    private const int InfoSize = 128;

    private SignalSource(SafeFd fd) => Fd = fd;

    /// <summary>Readable when a signal waits.</summary>
    public SafeFd Fd { get; }

    /// <summary>
    /// Blocks signals in every thread of this process, so that they wait for the descriptor and take no default action. The runtime has one thread beside
    /// Main's: its finalizer's, which blocks them by finalizing something.
    /// </summary>
    /// <returns>
    /// False where a thread could not be reached (the runtime of a debugging build has more of them). The mask outlives execve(2): who executes this program
    /// again after that gets true.
    /// </returns>
    public static bool TryBlockEverywhere(ReadOnlySpan<int> signals)
    {
        Block(signals);
        ulong wanted = 0;
        foreach (int signal in signals) wanted |= 1UL << (signal - 1);
        // Not looked at before: a thread that is just being made has everything blocked for a moment, pthread_create(3), and would pass for one of ours.
        LeaveForFinalizer(signals.ToArray());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return IsBlockedEverywhere(wanted);
    }

    /// <summary>Makes the descriptor; the signals are blocked already.</summary>
    /// <exception cref="OsException">No descriptor is to be had.</exception>
    public static SignalSource Open(ReadOnlySpan<int> signals)
    {
        byte* set = stackalloc byte[SetSize];
        Fill(set, signals);
        return new SignalSource(new SafeFd(OsException.Check(Libc.SignalFd(-1, set, Libc.SFD_CLOEXEC_NONBLOCK), "signalfd")));
    }

    /// <summary>The next signal that waits; 0 when there is none.</summary>
    public int Read()
    {
        Span<byte> info = stackalloc byte[InfoSize];
        return NonBlocking.Read(Fd, info) == InfoSize ? BitConverter.ToInt32(info) : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Fd.Dispose();

    private static void Fill(byte* set, ReadOnlySpan<int> signals)
    {
        _ = Libc.SigEmptySet(set);
        foreach (int signal in signals) _ = Libc.SigAddSet(set, signal);
    }

    private static void Block(ReadOnlySpan<int> signals)
    {
        byte* set = stackalloc byte[SetSize];
        Fill(set, signals);
        _ = Libc.ThreadSignalMask(Libc.SIG_BLOCK, set, null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveForFinalizer(int[] signals) => _ = new Blocker(signals);

    /// <summary>SigBlk of every thread, proc_pid_status(5).</summary>
    private static bool IsBlockedEverywhere(ulong wanted)
    {
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string? line = File.ReadLines($"{thread}/status").FirstOrDefault(text => text.StartsWith("SigBlk:", StringComparison.Ordinal));
            if (line is null) return false;
            if ((ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & wanted) != wanted) return false;
        }

        return true;
    }

    private sealed class Blocker(int[] signals)
    {
        ~Blocker() => Block(signals);
    }
}
