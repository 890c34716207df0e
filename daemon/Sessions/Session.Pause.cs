using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Freezing a session's processes, and letting them go on.</summary>
internal sealed partial class Session
{
    private readonly SemaphoreSlim _freezing = new(1);
    private IReadOnlyList<FrozenProcess> _frozen = []; // under the gate

    /// <summary>Freezes the processes of a session that runs. Any thread.</summary>
    /// <returns>False when it does not run.</returns>
    internal async Task<bool> PauseAsync()
    {
        await _freezing.WaitAsync();
        try
        {
            SessionProcesses? processes;
            using (Enter())
            {
                if (_state == SessionStates.Paused) return true;
                if (_program is null || _state != SessionStates.Running) return false;
                processes = _processes;
                SetState(SessionStates.Paused, null);
            }

            // Before the first one stands still: the daemon after us finishes what it reads here.
            Keep();
            await FreezeAsync(processes!);
        }
        finally
        {
            _freezing.Release();
        }

        Keep();
        Changed();
        return true;
    }

    /// <summary>Lets frozen processes go on; nothing happens when they are not frozen. Any thread.</summary>
    internal async Task UnpauseAsync()
    {
        await _freezing.WaitAsync();
        try
        {
            SessionProcesses? processes;
            IReadOnlyList<FrozenProcess> frozen;
            using (Enter())
            {
                if (_state != SessionStates.Paused) return;
                (processes, frozen) = (_processes, _frozen);
                SetState(SessionStates.Running, null);
                _frozen = [];
            }

            await new Freezing(_services.Scanner, processes!, _services.Time).ThawAsync(frozen);
        }
        finally
        {
            _freezing.Release();
        }

        Keep();
        Changed();
    }

    /// <summary>The daemon before us may have ended in the middle of either.</summary>
    private async Task AdoptPauseAsync(SessionProcesses processes, bool isPaused)
    {
        await _freezing.WaitAsync();
        try
        {
            if (isPaused) await FreezeAsync(processes);
            else foreach (Cgroup cgroup in processes.Cgroups()) cgroup.Thaw();
        }
        finally
        {
            _freezing.Release();
        }

        Keep();
    }

    private Task FreezeAsync(SessionProcesses processes) => new Freezing(_services.Scanner, processes, _services.Time).FreezeAsync(stopped =>
    {
        using (Enter()) _frozen = [.. _frozen.Union(stopped)];
        Keep();
    });
}
