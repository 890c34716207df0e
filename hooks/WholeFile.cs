namespace Sessiond.Hooks;

/// <summary>Replaces files whole: written beside, on disk, and then renamed; whoever reads, and whoever comes after a crash or a full disk, finds the old one or the new one.</summary>
public static class WholeFile
{
    /// <summary>Errno of a disk, or a quota, that is full, and of one that is read-only: ENOSPC, EDQUOT and EROFS of errno(3), which .NET gives as HResult.</summary>
    private static readonly int[] NoRoom = [28, 122, 30];

    /// <summary>True for a failure that goes away when there is room again.</summary>
    public static bool IsNoRoom(IOException exception) => Array.IndexOf(NoRoom, exception.HResult) >= 0;

    /// <summary>Replaces a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="bytes">What it is to hold.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="beforeRename">What is done to the draft, by its path.</param>
    /// <exception cref="IOException">It cannot be written; it is as it was, and nothing is left beside it.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite, Action<string>? beforeRename = null)
    {
        string draft = path + ".new";
        try
        {
            // Never through a link that somebody put there.
            File.Delete(draft);
            using (var file = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            }))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(draft, mode);
            beforeRename?.Invoke(draft);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Remove(draft);
            if (exception is UnauthorizedAccessException) throw new IOException(exception.Message, exception);
            throw;
        }
    }

    private static void Remove(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next try removes it.
        }
    }
}
