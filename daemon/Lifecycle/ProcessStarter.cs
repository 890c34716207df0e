using System.Text.Json;
using Sessiond.Daemon.Sessions;
using Sessiond.Holder;
using Sessiond.Hooks;
using Sessiond.Pty;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Has the holder start hooks and probes. Those of hooks, and the pipes of their output, outlive this daemon.</summary>
internal sealed class ProcessStarter(HolderClient holder, Cgroups cgroups, ProcessScanner scanner, EpollLoop loop, TimeProvider time) : IProcessStarter
{
    /// <summary>Tag of the only run that such an item has.</summary>
    private const int OnlyRun = 1;

    /// <summary>No process has this number: they are found by mark and cgroup alone.</summary>
    private const int NoLeader = -1;

    private readonly HashSet<StartedProcess> _printing = []; // loop's thread
    private bool _isQuiet; // loop's thread
    private readonly Dictionary<string, (ProcessRecord Record, HandedItem Item)> _earlier = []; // only while this daemon begins

    /// <inheritdoc/>
    public IStartedProcess Start(ProcessRequest request, Action<ReadOnlySpan<byte>> output)
    {
        OutputPipe pipe = OutputPipe.Create();
        long item = holder.NewItem();
        Cgroup? cgroup = cgroups.MakeProcess(request.Key);
        try
        {
            if (request.Hook is { } hook) holder.Put(item, Encode(new ProcessRecord(request.Key, hook)), pipe.ReadEnd);
            HeldRun run = holder.Spawn(item, OnlyRun, Cgroups.Place(new SpawnRequest
            {
                Argv = request.Argv,
                Environment = new Dictionary<string, string>(request.Environment) { [SessionProcesses.Mark] = request.Key },
                WorkingFolder = request.WorkingFolder,
                Output = pipe.WriteEnd,
                User = request.User,
            }, cgroup));
            pipe.CloseWriteEnd();
            return Follow(run, pipe, request.Key, cgroup, output, survives: request.Hook is not null);
        }
        catch
        {
            pipe.Dispose();
            holder.Forget(item);
            cgroups.Release(cgroup);
            throw;
        }
    }

    /// <summary>Takes what an earlier daemon's hooks run. Before the runner asks for it.</summary>
    internal void Expect(IEnumerable<(ProcessRecord Record, HandedItem Item)> processes)
    {
        foreach ((ProcessRecord record, HandedItem item) in processes) _earlier[record.ProcessKey] = (record, item);
    }

    /// <inheritdoc/>
    public Task<IStartedProcess>? Adopt(string key, Action<ReadOnlySpan<byte>> output)
    {
        if (!_earlier.TryGetValue(key, out (ProcessRecord Record, HandedItem Item) found)) return null;
        HandedItem item = found.Item;
        Task<HeldRun>? started = item.Run is { } run ? Task.FromResult(run) : item.Starting;
        // The daemon before us ended between the two messages: the holder was told of it, and never to start it.
        if (started is null) return null;
        _earlier.Remove(key);
        return AdoptAsync(started, item, key, output);
    }

    /// <summary>Goes on reading what processes print that a hook of an earlier daemon left in the background.</summary>
    internal void FollowRest(Action<string, ReadOnlySpan<byte>> output)
    {
        foreach ((ProcessRecord record, HandedItem item) in _earlier.Values)
        {
            string hook = record.Hook;
            Cgroup? cgroup = cgroups.OfProcess(record.ProcessKey);
            var processes = new SessionProcesses(item.Run?.Pid ?? NoLeader, record.ProcessKey, cgroup);
            var process = new StartedProcess(item.Run, OutputPipe.Adopt(item.Fds[0]), processes, bytes => output(hook, bytes), scanner, time, () => Forget(item.Id, cgroup)) { OnPipeEnded = Ended };
            loop.Post(() => Watch(process));
            process.Release();
        }

        _earlier.Clear();
    }

    /// <summary>Leaves in the pipes what processes print: another daemon may be about to read it. Or goes on reading. Any thread.</summary>
    internal Task SetQuietAsync(bool isQuiet) => loop.InvokeAsync(() =>
    {
        _isQuiet = isQuiet;
        foreach (StartedProcess process in _printing) process.SetQuiet(isQuiet);
    });

    /// <summary>Ends what is left of processes whose keys begin so: what a hook put into the background.</summary>
    internal async Task EndLeftAsync(string prefix, TimeSpan grace, CancellationToken hurry)
    {
        string[] keys = [.. ProcessTable.Read()
            .Where(entry => !entry.IsZombie)
            .Select(entry => ProcessTable.EnvironmentValue(entry.Pid, SessionProcesses.Mark))
            .OfType<string>()
            .Where(mark => mark.StartsWith(prefix, StringComparison.Ordinal))
            .Concat(cgroups.KeysOf(prefix))
            .Distinct()];
        await Task.WhenAll(keys.Select(key =>
            new Termination(scanner, new SessionProcesses(NoLeader, key, cgroups.OfProcess(key)), null, time).RunAsync(SignalNames.Terminate, grace, hurry)));
    }

    private void Watch(StartedProcess process)
    {
        _printing.Add(process);
        process.Watch(loop, _isQuiet);
    }

    private void Ended(StartedProcess process) => _printing.Remove(process);

    private async Task<IStartedProcess> AdoptAsync(Task<HeldRun> started, HandedItem item, string key, Action<ReadOnlySpan<byte>> output)
    {
        OutputPipe pipe = OutputPipe.Adopt(item.Fds[0]);
        Cgroup? cgroup = cgroups.OfProcess(key);
        try
        {
            return Follow(await started, pipe, key, cgroup, output, survives: true);
        }
        catch (IOException)
        {
            pipe.Dispose();
            Forget(item.Id, cgroup);
            throw;
        }
    }

    private static byte[] Encode(ProcessRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, RecordJsonContext.Default.ProcessRecord);

    private void Forget(long item, Cgroup? cgroup)
    {
        holder.Forget(item);
        cgroups.Release(cgroup);
    }

    private StartedProcess Follow(HeldRun run, OutputPipe pipe, string key, Cgroup? cgroup, Action<ReadOnlySpan<byte>> output, bool survives)
    {
        var process = new StartedProcess(run, pipe, new SessionProcesses(run.Pid, key, cgroup), output, scanner, time, () => Forget(run.Item, cgroup)) { OnPipeEnded = Ended };
        loop.Post(() => Watch(process));
        // Nobody writes down the end of a probe.
        if (!survives) process.Release();
        return process;
    }
}
