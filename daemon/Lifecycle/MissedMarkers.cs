using Sessiond.Daemon.Startup;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Writes the markers that a full disk had no room for, once it has.</summary>
/// <param name="markers">The markers.</param>
/// <param name="hooks">Whose markers they are, but for those of sessions' <c>init</c>.</param>
/// <param name="trouble">Told of a disk that fails.</param>
internal sealed class MissedMarkers(IOnceMarkers markers, HookRunner hooks, StorageTrouble trouble)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Looks now and then until the daemon stops.</summary>
    internal async Task RunAsync(TimeProvider time, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, stopping);
                IReadOnlyList<string> written = markers.WriteMissed(out string? problem);
                trouble.Report("markers", problem);
                if (written.Count > 0) hooks.OnMarked(written);
            }
        }
        catch (OperationCanceledException)
        {
            // The last try was made when they were missed.
        }
    }
}
