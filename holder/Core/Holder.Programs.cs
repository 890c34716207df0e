using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Items and their programs: spawned, reaped, kept until the daemon has written their end down.</summary>
internal sealed partial class Holder
{
    /// <summary>The next program as its own image, whatever became of the file: becoming another user needs the same build.</summary>
    private const string OwnImage = "/proc/self/exe";

    private readonly int _workloadScore = OutOfMemoryScore.OfWorkload;

    private HeldProgram? Find(long id, int tag) => _items.GetValueOrDefault(id)?.Program is { } program && program.Tag == tag ? program : null;

    private HeldItem GetOrAdd(long id)
    {
        if (!_items.TryGetValue(id, out HeldItem? item)) _items.Add(id, item = new HeldItem(id));
        return item;
    }

    private void Run(HeldItem item, HeldProgram program)
    {
        item.Program = program;
        _running.Add(program.Pid, item);
    }

    private void Put(HolderMessage message)
    {
        HeldItem item = GetOrAdd(message.Item);
        item.Record = message.Payload;
        if (message.Fds.Count == 0) return;
        foreach (SafeFd fd in item.Fds) fd.Dispose();
        item.Fds = message.Fds;
    }

    private void Release(long id, int tag)
    {
        if (Find(id, tag) is not null) Drop(_items[id]);
    }

    private void Forget(long id)
    {
        if (!_items.Remove(id, out HeldItem? item)) return;
        foreach (SafeFd fd in item.Fds) fd.Dispose();
        Drop(item);
    }

    /// <summary>Lets go of an item's program: its pty hangs up, and a pid that still runs is reaped as an orphan.</summary>
    private void Drop(HeldItem item)
    {
        if (item.Program is not { } program) return;
        item.Program = null;
        program.Start?.Dispose();
        program.Master?.Dispose();
        // The pid of one that has ended may be another's by now.
        if (program.Ended is null) _running.Remove(program.Pid);
    }

    private void Spawn(HolderMessage message)
    {
        HeldItem item = GetOrAdd(message.Item);
        Drop(item);
        PtyMaster? master = null;
        try
        {
            SpawnRequest request = ExecMessage.Unpack(message.Payload, message.Fds, message.B);
            master = PtyMaster.OpenFor(request);
            ProgramStart start = Begin(request with { SlavePath = master?.SlavePath });
            OutOfMemoryScore.Set(start.Pid, _workloadScore);
            Run(item, new HeldProgram(message.A, start.Pid, master?.Fd));
            if (start.Report is null) TellOfStart(item.DescribeProgram());
            else AwaitExec(item, start);
        }
        catch (IOException failure)
        {
            master?.Dispose();
            Refuse(message.Item, message.A, failure is SpawnException { Errno: var errno } ? errno : 0, failure.Message);
        }

        foreach (SafeFd fd in message.Fds) fd.Dispose();
    }

    /// <summary>Spawns with the limit of open files that we were started with.</summary>
    private ProgramStart Begin(SpawnRequest request) => ProgramStart.Begin(request with { FileLimit = _fileLimit }, OwnImage);

    private void AwaitExec(HeldItem item, ProgramStart start)
    {
        HeldProgram program = item.Program!;
        program.Start = start;
        EpollToken token = default;
        token = _loop.Register(start.Report!, EpollEvents.Readable, () =>
        {
            _loop.Unregister(token);
            if (item.Program == program) FinishStart(item, program);
        });
    }

    private void FinishStart(HeldItem item, HeldProgram program)
    {
        if (program.Start is not { } start) return;
        program.Start = null;
        bool hasExecuted = start.TryFinish(out string failure, out int errno);
        start.Dispose();
        if (!hasExecuted) Drop(item);
        if (hasExecuted) TellOfStart(item.DescribeProgram());
        else Refuse(item.Id, program.Tag, errno, failure);
    }

    private void Refuse(long id, int tag, int errno, string why) => TellOfStart(new HolderMessage(MessageKind.SpawnFailed, id, tag, errno) { Text = why });

    /// <summary>A candidate that was given a program on its way to exec waits for the same news as the daemon that asked for it.</summary>
    private void TellOfStart(HolderMessage message)
    {
        Say(message);
        if (_upgrade is { IsDecided: false, Given.Count: > 0 } upgrade) upgrade.Candidate.Channel.Send(message);
    }

    /// <summary>Tells the daemon; one that has not said hello is given everything when it does, and must hear nothing before.</summary>
    private void Say(HolderMessage message)
    {
        if (_current is { SaidHello: true } daemon) daemon.Channel.Send(message);
    }

    /// <summary>Takes the exit status of everything that ended, ours and orphans that were given to us.</summary>
    private void Reap()
    {
        while (EndedChildren.TryReap(out int pid, out ExitStatus status))
        {
            if (_running.Remove(pid, out HeldItem? item)) OnProgramEnded(item, status);
            else if ((_current?.Pid == pid ? _current : _upgrade?.LinkOf(pid)) is { } link)
            {
                // What it said before it ended counts, and its clients were told so: a new name, a start, an end. Each by itself: what goes wrong in it is logged.
                _loop.Post(() => link.Channel.Receive(int.MaxValue));
                _loop.Post(() => OnDaemonEnded(link, status));
            }
        }
    }

    private void OnProgramEnded(HeldItem item, ExitStatus status)
    {
        HeldProgram program = item.Program!;
        // Of one that could not execute, its report is the news and not its exit.
        FinishStart(item, program);
        if (item.Program != program) return;
        program.Ended = status;
        Say(item.DescribeEnd());
    }
}
