using System.Text;

namespace Sessiond.Pty;

/// <summary>The files of proc(5) and cgroups(7): small texts, read as a whole, and one write for each order.</summary>
internal static class KernelFile
{
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

    /// <summary>Writes, and never makes a file: a folder that is not the kernel's stays as it is.</summary>
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
