using Sessiond.Holder;
using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Starts hooks, probes and clones as children of this process, and ends at last what they left behind.</summary>
internal sealed class ProcessStarter(Spawner spawner, ProcessScanner scanner, EpollLoop loop, TimeProvider time) : IProcessStarter
{
    /// <inheritdoc/>
    public IStartedProcess Start(ProcessRequest request, Action<ReadOnlySpan<byte>> output)
    {
        OutputPipe pipe = OutputPipe.Create();
        try
        {
            ChildProcess child = spawner.Spawn(new SpawnRequest
            {
                Argv = request.Argv,
                Environment = new Dictionary<string, string>(request.Environment) { [SessionProcesses.Mark] = request.Key },
                WorkingFolder = request.WorkingFolder,
                Output = pipe.WriteEnd,
                User = request.User,
            });
            pipe.WriteEnd.Dispose();
            var process = new StartedProcess(child, pipe, request.Key, output, scanner, time);
            loop.Post(() => process.Watch(loop));
            return process;
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IStartedProcess? Adopt(string key, Action<ReadOnlySpan<byte>> output) => null;

    /// <summary>Ends what is left of processes whose keys begin so: what a hook put into the background.</summary>
    internal async Task EndLeftAsync(string prefix, TimeSpan grace, CancellationToken hurry)
    {
        string[] keys = [.. ProcessTable.Read()
            .Where(entry => !entry.IsZombie)
            .Select(entry => ProcessTable.EnvironmentValue(entry.Pid, SessionProcesses.Mark))
            .OfType<string>()
            .Where(mark => mark.StartsWith(prefix, StringComparison.Ordinal))
            .Distinct()];
        // No process has this number: they are found by their mark alone.
        const int NoLeader = -1;
        await Task.WhenAll(keys.Select(key =>
            new Termination(scanner, new SessionProcesses(NoLeader, key), null, time).RunAsync(SignalNames.Terminate, grace, hurry)));
    }
}
