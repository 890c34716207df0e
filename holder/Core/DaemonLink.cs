namespace Sessiond.Holder;

/// <summary>A daemon, as its holder sees it.</summary>
internal sealed class DaemonLink(int pid, MessageChannel channel)
{
    internal int Pid => pid;

    internal MessageChannel Channel => channel;

    /// <summary>It has said which protocol it speaks, and been given everything: from here on it is told what happens.</summary>
    internal bool SaidHello { get; set; }

    /// <summary>It serves.</summary>
    internal bool IsReady { get; set; }

    /// <summary>It said that everything has ended; the exit code of the whole.</summary>
    internal int? StoppedCode { get; set; }

    /// <summary>It answered the last ping.</summary>
    internal bool Answered { get; set; } = true;
}
