using System.Globalization;

namespace Sessiond.Bench;

/// <summary>Figures of a busy machine say little; ratios of interleaved rounds say more, and still this must be known.</summary>
internal static class MachineLoad
{
    /// <summary>Load per core over the last minute above which a warning is due: someone else uses a good part of the machine.</summary>
    private const double HighPerCore = 0.5;

    internal static void WarnWhenHigh()
    {
        double load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        if (load < HighPerCore * Environment.ProcessorCount) return;
        Console.Error.WriteLine($"warning: load {load:0.0} on {Environment.ProcessorCount} cores (the bench's own included); trust the ratios, not the numbers");
    }
}
