using System.Text;

namespace Sessiond.Daemon.Startup;

/// <summary><c>[release].feed</c>: a file or an https address whose first line names the newest version. Looked at now and then, never in the way of a request.</summary>
/// <param name="feed">Where it is, as the spec says now; empty: nowhere.</param>
/// <param name="running">The version that runs.</param>
/// <param name="fetch">Gets what is at an address.</param>
internal sealed class ReleaseFeed(Func<string> feed, string running, Func<Uri, Task<byte[]>> fetch)
{
    /// <summary>How often a file is read.</summary>
    private static readonly TimeSpan FileInterval = TimeSpan.FromSeconds(10);

    /// <summary>How often a server is asked.</summary>
    private static readonly TimeSpan AddressInterval = TimeSpan.FromHours(1);

    private volatile bool _namesNewer;

    /// <summary>The feed named a newer version than the one that runs.</summary>
    internal bool NamesNewer => _namesNewer;

    /// <summary>Looks until the daemon stops.</summary>
    /// <param name="onChange">Called when the answer is another.</param>
    /// <param name="time">Measures the intervals.</param>
    /// <param name="stopping">Ends it.</param>
    internal async Task RunAsync(Action onChange, TimeProvider time, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                string place = feed();
                bool isAddress = Uri.TryCreate(place, UriKind.Absolute, out Uri? address) && !address.IsFile;
                bool isNewer = IsNewer(await ReadAsync(place, isAddress ? address : null), running);
                if (isNewer != _namesNewer)
                {
                    _namesNewer = isNewer;
                    onChange();
                }

                await Task.Delay(isAddress ? AddressInterval : FileInterval, time, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>Compares versions by their numbers, with or without a "v"; what is no version is not newer.</summary>
    internal static bool IsNewer(string? named, string running)
    {
        string? line = named?.Split('\n')[0].Trim().TrimStart('v');
        return Version.TryParse(line?.Split('-', '+')[0], out Version? newest) && Version.TryParse(running.Split('-', '+')[0], out Version? own) && newest > own;
    }

    private async Task<string?> ReadAsync(string place, Uri? address)
    {
        if (place.Length == 0) return null;
        try
        {
            return address is not null ? Encoding.UTF8.GetString(await fetch(address)) : await File.ReadAllTextAsync(place.StartsWith("file://", StringComparison.Ordinal) ? place[7..] : place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No answer is no newer version; the next look may have one.
            return null;
        }
    }
}
