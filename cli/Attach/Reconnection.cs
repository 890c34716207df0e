using Sessiond.Cli.Client;

namespace Sessiond.Cli.Attach;

/// <summary>Comes back after a cut: at once, then with growing pauses, until it is hopeless.</summary>
/// <param name="open">Tries once.</param>
/// <param name="showAway">Called once when it takes long enough for the user to notice.</param>
/// <param name="time">The clock.</param>
/// <remarks>One lives as long as the attachment: a server that takes connections only to drop them must not be asked without a pause.</remarks>
internal sealed class Reconnection(Func<CancellationToken, Task<AttachConnection>> open, Action showAway, TimeProvider time)
{
    // Below this a cut is not worth a line on the user's screen.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    // The holder keeps the socket open while the daemon is away; when nobody listens the holder is gone, and the sessions with it.
    private static readonly TimeSpan NobodyListensTime = TimeSpan.FromSeconds(2);

    // A server that takes connections and drops them before its hello, again and again, is broken.
    private static readonly TimeSpan DroppedTime = TimeSpan.FromSeconds(10);

    // A laptop that is closed over lunch comes back; longer away, the user can attach again.
    private static readonly TimeSpan AwayTime = TimeSpan.FromHours(2);

    // A server that has taken the connection but not answered within this is not going to.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private TimeSpan _pause;
    private long _start;
    private bool _away;

    /// <summary>The connection is a good one: the next cut is a new one.</summary>
    public void Settle() => _away = false;

    /// <summary>Reconnects.</summary>
    /// <returns>The connection, or why there is none.</returns>
    public async Task<(AttachConnection? Connection, AttachEnd End)> RunAsync(CancellationToken cancellation)
    {
        if (!_away)
        {
            _away = true;
            _pause = TimeSpan.Zero;
            _start = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_start) > DroppedTime) return (null, AttachEnd.Lost);

        await using ITimer notice = time.CreateTimer(_ => showAway(), null, QuietTime, Timeout.InfiniteTimeSpan);
        while (true)
        {
            await Task.Delay(_pause, time, cancellation);
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
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
            catch (CliException e) when (time.GetElapsedTime(_start) > (e.NobodyListens ? NobodyListensTime : AwayTime))
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
        }
    }
}
