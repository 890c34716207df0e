using System.Globalization;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Holder;
using Sessiond.Hooks.AutoCommit;
using Sessiond.Pty;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>Runs git's processes: the one place of auto-commit that knows where processes come from.</summary>
/// <param name="holder">Starts them.</param>
/// <param name="cgroups">Where each has one of its own.</param>
internal sealed class GitProcesses(HolderClient holder, Cgroups cgroups) : IGitProcesses
{
    /// <summary>Git removes its lock files on SIGTERM; what needs longer does not react to it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<ExitStatus> RunAsync(SpawnRequest request, CancellationToken cancellation)
    {
        long item = holder.NewItem();
        Cgroup? cgroup = cgroups.MakeProcess($"git.{item.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            HeldRun run = await holder.SpawnAsync(item, 1, Cgroups.Place(request, cgroup));
            return await EndAsync(run, cgroup, cancellation);
        }
        finally
        {
            holder.Forget(item);
            cgroups.Release(cgroup);
        }
    }

    private static async Task<ExitStatus> EndAsync(HeldRun run, Cgroup? cgroup, CancellationToken cancellation)
    {
        try
        {
            return await run.Ended.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            run.SignalGroup(SignalNames.Terminate);
        }

        try
        {
            return await run.Ended.WaitAsync(Grace, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            run.SignalGroup(SignalNames.Kill);
            cgroup?.TryKill();
            return await run.Ended;
        }
    }
}
