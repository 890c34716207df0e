using System.Text;

namespace Sessiond.Pty;

/// <summary>The files in a cgroup's folder: small texts, one write for each.</summary>
internal static class CgroupFile
{
    /// <summary>The pids of a cgroup; writing one moves that process, 0 the writer.</summary>
    internal const string Processes = "cgroup.procs";

    /// <summary>The whole text; empty when it is not to be had.</summary>
    internal static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Writes, and never makes a file: a folder that is no cgroup's stays as it is.</summary>
    internal static bool TryWrite(string path, string text)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes(text));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
