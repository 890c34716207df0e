using Sessiond.Cli.Output;

namespace Sessiond.Cli.Client;

/// <summary>Copies the body of an answer as it comes.</summary>
internal static class BodyCopy
{
    private const int CopyBytes = 64 * 1024;

    /// <summary>Copies <paramref name="path"/> to a file, or to standard output where there is none.</summary>
    /// <exception cref="CliException">The daemon refused or was lost, or the file cannot be written.</exception>
    public static async Task RunAsync(ApiClient api, string path, CliOutput output, string? file, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, path, null, cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        if (file is null)
        {
            await output.Out.FlushAsync(cancellation);
            await CopyAsync(body, output.Bytes, api, cancellation);
            return;
        }

        try
        {
            await using var target = new FileStream(file, FileMode.Create, FileAccess.Write);
            await CopyAsync(body, target, api, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, e.Message, e);
        }
    }

    private static async Task CopyAsync(Stream body, Stream target, ApiClient api, CancellationToken cancellation)
    {
        var buffer = new byte[CopyBytes];
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer, cancellation);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw ApiFailure.FromTransport(e, api.Endpoint);
            }

            if (read == 0) return;
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }
}
