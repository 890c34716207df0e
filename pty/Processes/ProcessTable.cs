using System.Globalization;
using System.Text;

namespace Sessiond.Pty;

/// <summary>Reads /proc. What ends in between is simply not there.</summary>
public static class ProcessTable
{
    /// <summary>Bytes read of an environment or command line: more than a mark needs, bounded against a hostile process.</summary>
    private const int MaxProcFile = 1 << 20;

    /// <summary>All processes now.</summary>
    public static List<ProcessEntry> Read()
    {
        var entries = new List<ProcessEntry>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && Find(pid) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>One process; null when there is none.</summary>
    public static ProcessEntry? Find(int pid)
    {
        if (ReadAll($"/proc/{pid}/stat") is not { } bytes) return null;
        string text = Encoding.UTF8.GetString(bytes);
        // pid (comm) state ppid pgrp session …; comm may hold spaces and parentheses, so the last one counts.
        int end = text.LastIndexOf(')');
        if (end < 0) return null;
        string[] fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 20) return null;
        return new ProcessEntry(pid, Number(fields[1]), Number(fields[2]), Number(fields[3]), Long(fields[19]), fields[0] is "Z" or "X") { IsStopped = fields[0] is "T" or "t" };
    }

    /// <summary>True for a process that waits for something (state S, proc(5)): neither runs, nor would like to.</summary>
    public static bool IsSleeping(int pid)
    {
        if (ReadAll($"/proc/{pid}/stat") is not { } bytes) return false;
        int end = bytes.AsSpan().LastIndexOf(") "u8);
        return end >= 0 && end + 2 < bytes.Length && bytes[end + 2] == (byte)'S';
    }

    /// <summary>The command line on one line; the name in brackets when it has none.</summary>
    public static string CommandLine(int pid)
    {
        byte[]? bytes = ReadAll($"/proc/{pid}/cmdline");
        if (bytes is { Length: > 0 }) return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Replace('\0', ' ');
        byte[]? name = ReadAll($"/proc/{pid}/comm");
        return name is null ? "" : $"[{Encoding.UTF8.GetString(name).TrimEnd('\n')}]";
    }

    /// <summary>A variable of the environment that the process was executed with; null when it is not there or not to be seen.</summary>
    public static string? EnvironmentValue(int pid, string name)
    {
        if (ReadAll($"/proc/{pid}/environ") is not { } bytes) return null;
        byte[] wanted = Encoding.UTF8.GetBytes(name + "=");
        foreach (Range range in bytes.AsSpan().Split((byte)0))
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan()[range];
            if (entry.StartsWith(wanted)) return Encoding.UTF8.GetString(entry[wanted.Length..]);
        }

        return null;
    }

    /// <summary>The working folder of a process; null when it is not to be seen.</summary>
    public static string? WorkingFolder(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Sends a signal to exactly this process; false when it is gone.</summary>
    public static bool Signal(ProcessEntry entry, int signal)
    {
        using SafeFd? fd = ChildProcess.OpenPidFd(entry.Pid);
        // The pidfd may already mean a successor: the start time decides.
        if (fd is null || Find(entry.Pid)?.StartTicks != entry.StartTicks) return false;
        return Libc.Syscall(Libc.SYS_pidfd_send_signal, fd.Value, signal, 0, 0) == 0;
    }

    private static byte[]? ReadAll(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var bytes = new MemoryStream();
            byte[] buffer = new byte[4096];
            int count;
            while (bytes.Length < MaxProcFile && (count = file.Read(buffer)) > 0) bytes.Write(buffer, 0, count);
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string field) => int.TryParse(field, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static long Long(string field) => long.TryParse(field, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
