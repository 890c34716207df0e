using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>The program of an item: running, or ended and not yet released.</summary>
internal sealed class HeldProgram(int tag, int pid, SafeFd? master)
{
    /// <summary>Names this run; the daemon's choice.</summary>
    internal int Tag => tag;

    internal int Pid => pid;

    /// <summary>Its pty; null for a program without one.</summary>
    internal SafeFd? Master => master;

    /// <summary>Set while it is on its way to exec.</summary>
    internal ProgramStart? Start { get; set; }

    /// <summary>How it ended; null while it is unreaped, which is when its pid means it and nobody else.</summary>
    internal ExitStatus? Ended { get; set; }
}
