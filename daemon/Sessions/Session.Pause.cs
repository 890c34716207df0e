using Sessiond.Holder;
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

            IReadOnlyList<FrozenProcess> frozen = await new Freezing(_services.Scanner, processes!).FreezeAsync();
            using (Enter()) _frozen = frozen;
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

            await new Freezing(_services.Scanner, processes!).ThawAsync(frozen);
        }
        finally
        {
            _freezing.Release();
        }

        Keep();
        Changed();
    }
}
