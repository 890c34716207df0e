using Sessiond.Daemon.Attach;
using Sessiond.Daemon.Endpoint;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;

namespace Sessiond.Daemon;

/// <summary>Being replaced by another daemon, and the way back (I10).</summary>
internal sealed partial class Daemon
{
    /// <summary>How long input that a program has not taken yet may hold up an upgrade; what is left is written by nobody, and told.</summary>
    private static readonly TimeSpan InputGrace = TimeSpan.FromSeconds(1);

    private readonly Lock _upgradeGate = new(); // guards _upgrade
    private TaskCompletionSource<string?>? _upgrade;
    private Task? _quiescing; // interactive loop
    private IReadOnlyList<Session> _quiet = [];

    /// <summary>Starts the daemon of another binary and waits until it serves.</summary>
    /// <param name="binary">Its path; null: the binary on disk.</param>
    /// <param name="holder">Replace the holder too.</param>
    /// <exception cref="RequestException">409: it did not come to that, and this daemon goes on; the reason is in it.</exception>
    internal async Task UpgradeAsync(string? binary, bool holder)
    {
        var upgrade = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_upgradeGate)
        {
            if (_upgrade is not null) throw new RequestException(409, "upgrading", "another upgrade is under way");
            _upgrade = upgrade;
        }

        _logger.Upgrading(binary ?? "the binary on disk");
        _holder.Upgrade(binary, holder);
        if (await upgrade.Task is { } failure) throw new RequestException(409, "upgrade failed", failure);
    }

    /// <summary>Stops reading and accepting, lets programs take what was typed, and checkpoints. What comes from here on waits in the kernel.</summary>
    internal void Quiesce() => _quiescing = QuiesceAsync();

    private async Task QuiesceAsync()
    {
        await _transport.PauseAsync();
        _quiet = _sessions.All();
        await Task.WhenAll(_quiet.Select(session => session.QuiesceAsync(InputGrace)));
        await _starter.SetQuietAsync(true);
        await _logs.FlushAsync([.. _quiet.Select(session => session.Log), .. _hookHost.Logs]);
        _holder.Pause();
        _holder.Quiesced();
    }

    /// <summary>Goes on after all.</summary>
    internal async Task ResumeAsync(string reason)
    {
        _logger.UpgradeFailed(reason);
        if (_quiescing is { } quiescing)
        {
            _quiescing = null;
            await quiescing;
            _holder.Continue();
            await _starter.SetQuietAsync(false);
            foreach (Session session in _quiet) session.EndQuiet();
            await _transport.ContinueAsync();
        }

        EndUpgrade($"{reason}; the running daemon goes on");
    }

    /// <summary>The successor serves: clients are sent to it.</summary>
    /// <param name="failure">Why it is one of the old binary after all; empty: it is not.</param>
    internal async Task RetireAsync(string failure)
    {
        _leavesSocket = true;
        EndUpgrade(failure.Length == 0 ? null : failure);
        await Task.WhenAll(_sessions.All().Select(session => session.HandOverAttachmentsAsync(CloseCode.Upgrading, "the daemon was replaced; connect again", InputGrace)));
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _server.StopAsync(patience.Token);
    }

    private void EndUpgrade(string? failure)
    {
        TaskCompletionSource<string?>? upgrade;
        lock (_upgradeGate) (upgrade, _upgrade) = (_upgrade, null);
        upgrade?.TrySetResult(failure);
    }
}
