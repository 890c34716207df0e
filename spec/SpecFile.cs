namespace Sessiond.Spec;

/// <summary>Reads files whole, up to a limit.</summary>
internal static class SpecFile
{
    /// <summary>Largest file, in bytes. A spec of a thousand sessions has a third of a megabyte; more is no spec, or an attack on memory.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>The bytes of a file; null when it cannot be read or is too large, which is reported.</summary>
    public static byte[]? Read(string file, Action<SourcePosition, string> fail)
    {
        var start = new SourcePosition(file, 1, 1);
        try
        {
            using FileStream stream = File.OpenRead(file);
            using var bytes = new MemoryStream();
            byte[] buffer = new byte[64 << 10];
            for (int length = stream.Read(buffer); length > 0 && bytes.Length <= MaxBytes; length = stream.Read(buffer)) bytes.Write(buffer, 0, length);
            if (bytes.Length <= MaxBytes) return bytes.ToArray();
            fail(start, $"the file is larger than {ByteSize.Format(MaxBytes)}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            fail(start, "no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fail(start, $"cannot be read: {SpecText.Printable(e.Message)}");
        }

        return null;
    }
}
