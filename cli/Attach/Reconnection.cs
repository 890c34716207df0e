using Sessiond.Cli.Client;

namespace Sessiond.Cli.Attach;

/// <summary>Comes back after a cut: at once, then with growing pauses, until it is hopeless.</summary>
/// <param name="open">Tries once.</param>
/// <param name="showAway">Called once when it takes long enough for the user to notice.</param>
/// <param name="time">The clock.</param>
internal sealed class Reconnection(Func<CancellationToken, Task<AttachConnection>> open, Action showAway, TimeProvider time)
{
    // Below this a cut is not worth a line on the user's screen.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    // The holder keeps the socket open while the daemon is away; when nobody listens the holder is gone, and the sessions with it.
    private static readonly TimeSpan NobodyListensTime = TimeSpan.FromSeconds(2);

    // A laptop that is closed over lunch comes back; longer away, the user can attach again.
    private static readonly TimeSpan AwayTime = TimeSpan.FromHours(2);

    // A server that has taken the connection but not answered within this is not going to.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Reconnects.</summary>
    /// <returns>The connection, or why there is none.</returns>
    public async Task<(AttachConnection? Connection, AttachEnd End)> RunAsync(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        TimeSpan pause = FirstPause;
        await using ITimer notice = time.CreateTimer(_ => showAway(), null, QuietTime, Timeout.InfiniteTimeSpan);
        while (true)
        {
            try
            {
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                attempt.CancelAfter(AttemptTime);
                return (await open(attempt.Token), AttachEnd.Lost);
            }
            catch (CliException e) when (!e.Transient)
            {
                return (null, AttachEnd.Refused(e.ExitCode, e.Message));
            }
            catch (CliException e) when (time.GetElapsedTime(start) > (e.NobodyListens ? NobodyListensTime : AwayTime))
            {
                return (null, AttachEnd.Lost);
            }
            catch (CliException)
            {
                // Not yet.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The attempt took too long.
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
