using System.Globalization;

namespace Sessiond.Pty;

/// <summary>Whom the kernel takes first when memory runs out, proc_pid_oom_score_adj(5).</summary>
public static class OutOfMemoryScore
{
    private const int Max = 1000;

    /// <summary>Added to our own for what is spawned: a tenth of all memory, so that the kernel takes the workload first.</summary>
    private const int WorkloadBias = 100;

    /// <summary>The one for what is spawned.</summary>
    public static int OfWorkload => WorkloadBias + (int.TryParse(KernelFile.Read("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture, out int own) ? own : 0);

    /// <summary>Sets a child's. Where that may not be, the kernel chooses by size alone.</summary>
    public static void Set(int pid, int score) =>
        KernelFile.TryWrite($"/proc/{pid}/oom_score_adj", Math.Min(Max, score).ToString(CultureInfo.InvariantCulture));
}
