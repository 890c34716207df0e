using System.Formats.Tar;
using System.IO.Compression;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Endpoint;

/// <summary>
/// GET /v1/logs.tar.gz: <c>sessions/NAME/OFFSET.raw</c> for each part that is kept, the newest bytes last, <c>earlier-N/</c> for earlier lives of the devbox; <c>hooks/</c>; and for an admin the daemon's own log.
/// </summary>
/// <param name="sessions">The sessions.</param>
/// <param name="stateFolder">Folder of the logs; null: there are none on disk.</param>
internal sealed class ArchiveRoute(SessionRegistry sessions, string? stateFolder)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal Route Route => new("GET", "/v1/logs.tar.gz", Scope.Observe, AnswerAsync);

    private async Task AnswerAsync(Exchange exchange)
    {
        exchange.Http.Response.ContentType = "application/gzip";
        exchange.Http.Response.Headers.ContentDisposition = "attachment; filename=\"sessiond-logs.tar.gz\"";
        // A flood that goes on while this is written is not followed: each log as it is when its turn comes.
        await using var gzip = new GZipStream(exchange.Http.Response.Body, CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        foreach (Session session in sessions.All().Where(session => exchange.Identity.MaySee(session.Owner)))
        {
            await AddSessionAsync(tar, session, exchange.Aborted);
        }

        if (stateFolder is null) return;
        await AddFolderAsync(tar, Path.Combine(stateFolder, "hooks"), "hooks", exchange.Aborted);
        if (exchange.Identity.IsAdmin) await AddFolderAsync(tar, Path.Combine(stateFolder, "daemon"), "daemon", exchange.Aborted);
    }

    private static async Task AddSessionAsync(TarWriter tar, Session session, CancellationToken cancellation)
    {
        await session.Log.MaskIsKnown.WaitAsync(cancellation);
        string folder = $"sessions/{session.Name}";
        long position = 0;
        long end = session.Journal.Written;
        byte[] buffer = new byte[1 << 20];
        while (position < end)
        {
            // Piece by piece through the log's own reader, which knows what is on disk and what is still in the ring.
            int count = session.Log.Read(position, buffer, out long offset);
            if (count == 0) break;
            await AddAsync(tar, $"{folder}/{offset:D20}.raw", new MemoryStream(buffer, 0, count), cancellation);
            position = offset + count;
        }

        for (int age = 1; session.Log.EarlierFolder(age) is { } earlier; age++)
        {
            await AddFolderAsync(tar, earlier, LogFiles.EarlierFolder(folder, age), cancellation);
        }
    }

    private static async Task AddFolderAsync(TarWriter tar, string folder, string name, CancellationToken cancellation)
    {
        foreach (string path in FilesIn(folder))
        {
            try
            {
                await using var part = new FilePart(path);
                await AddAsync(tar, $"{name}/{Path.GetRelativePath(folder, path)}", part, cancellation);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // Dropped for a newer one meanwhile, or with its session.
            }
        }
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            // There is none, or it went with its session.
            return [];
        }
    }

    private static Task AddAsync(TarWriter tar, string name, Stream content, CancellationToken cancellation) =>
        tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = Mode }, cancellation);
}
