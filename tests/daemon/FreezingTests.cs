using Sessiond.Holder;
using Sessiond.Pty;

namespace Sessiond.Daemon.Tests;

/// <summary>Stopping the processes of a session without cgroups.</summary>
public sealed class FreezingTests
{
    [Fact]
    public async Task Who_is_stopped_is_told_before_so_that_a_crash_in_the_middle_leaves_nobody_stopped_for_ever()
    {
        string mark = $"test-{Guid.NewGuid():N}";
        using ChildProcess child = new Spawner(ChildReaper.Start(), Environment.ProcessPath!).Spawn(new SpawnRequest
        {
            Argv = ["/bin/sh", "-c", "sleep 1017 & exec sleep 1018"],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", [SessionProcesses.Mark] = mark },
            WorkingFolder = "/",
        });
        var processes = new SessionProcesses(child.Pid, mark, null);
        var freezing = new Freezing(new ProcessScanner(), processes, TimeProvider.System);
        var told = new HashSet<FrozenProcess>();
        await freezing.FreezeAsync(stopped =>
        {
            Assert.All(stopped.Except(told), process => Assert.False(ProcessTable.Find(process.Pid)?.IsStopped ?? false));
            told.UnionWith(stopped);
        });
        Assert.Contains(told, process => process.Pid == child.Pid);
        await freezing.ThawAsync([.. told]);
        Assert.False(ProcessTable.Find(child.Pid)!.Value.IsStopped);
        foreach (FrozenProcess process in told)
        {
            if (ProcessTable.Find(process.Pid) is { } entry) ProcessTable.Signal(entry, SignalNames.Kill);
        }
    }
}
