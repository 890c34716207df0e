using System.Globalization;

namespace Sessiond.Bench;

/// <summary>What proc(5) says about a process.</summary>
internal static class ProcessFigures
{
    /// <summary>USER_HZ of every Linux that .NET runs on, sysconf(_SC_CLK_TCK).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time.</summary>
    internal static double CpuSeconds(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        // The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The children of a process.</summary>
    internal static IEnumerable<int> Children(int pid) => Directory.GetDirectories($"/proc/{pid}/task")
        .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    /// <summary>Arguments, each ended by NUL.</summary>
    internal static string CommandLine(int pid) => File.ReadAllText($"/proc/{pid}/cmdline");

    /// <summary>Proportional set size in megabytes (10^6 bytes): shared pages count by share.</summary>
    internal static double PssMegabytes(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        string kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
