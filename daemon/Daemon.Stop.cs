using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Holder;

namespace Sessiond.Daemon;

/// <summary>The end of everything, within the grace of the spec.</summary>
internal sealed partial class Daemon
{
    /// <summary>What a hook left in the background is told to end, and given a moment.</summary>
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(5);

    /// <summary>Screens that are saved at the same time when everything stops: the grace has to do for all of them.</summary>
    private const int SavedAtStop = 8;

    /// <summary>Ends every session within the grace of the spec, then the endpoint.</summary>
    /// <param name="hurry">Skips what is left of the grace.</param>
    internal async Task StopAsync(CancellationToken hurry)
    {
        _logger.Stopping(_sessions.Count);
        _status.MarkStopping();
        if (!_status.Describe().Persistent) _logger.StartupWarning("state_dir and workspace do not outlive this container: what was not pushed is lost with it");
        foreach (Session session in _sessions.All()) session.ExpectShutdown();
        _events.PublishDevbox();
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan grace = _devbox.Spec.Spec.Daemon.StopGrace;
        using var graceOver = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        graceOver.CancelAfter(grace);
        await RunStopHooksAsync(grace, hurry);
        // Beside the sessions' end, which may take all of the grace, and once more for what they wrote last.
        Task saved = _autoCommits.FinishAsync(graceOver.Token);
        TimeSpan Left() => grace - TimeProvider.System.GetElapsedTime(start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
        await Task.WhenAll(_sessions.All().Select(session =>
            session.StopAsync(Min(session.Definition.StopTimeout, Left()), hurry)));
        await Task.WhenAny(_logs.MaskIsKnown, Task.Delay(Left(), hurry));
        await _screens.SaveAllAsync(SavedAtStop);
        await _starter.EndLeftAsync($"{_kept.Record.Life}.", Min(LeftoverGrace, Left()), hurry);
        await saved;
        await _autoCommits.FinishAsync(graceOver.Token);
        _autoCommits.Forget();
        int unattributed = await _cgroups.EndAsync(_holderPid, TimeProvider.System) + await Unattributed.EndAsync(_services.Scanner, _holderPid);
        if (unattributed > 0) _logger.UnattributedEnded(unattributed);
        await Task.WhenAll(_sessions.All().Select(session =>
            session.CloseAttachmentsAsync(Attach.CloseCode.GoingAway, "the daemon is shutting down")));
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(patience.Token);
        _logs.Finish();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        _probes.Dispose();
        _hooks.Dispose();
        await _autoCommits.DisposeAsync();
        await _events.DisposeAsync();
        _interactive.Dispose();
        _bulk.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
        if (!_leavesSocket) File.Delete(_socketPath);
    }

    /// <summary>The hooks before a stop have half of the grace: the sessions, which they may speak to, need the rest.</summary>
    private async Task RunStopHooksAsync(TimeSpan grace, CancellationToken hurry)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        deadline.CancelAfter(grace / 2);
        await _hooks.RunStopAsync(deadline.Token);
        await _hooks.EndAllAsync();
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
