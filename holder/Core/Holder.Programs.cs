using System.Buffers.Binary;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Items and their programs: spawned, reaped, kept until the daemon has written their end down.</summary>
internal sealed partial class Holder
{
    /// <summary>The next program as its own image, whatever became of the file: becoming another user needs the same build.</summary>
    private const string OwnImage = "/proc/self/exe";

    /// <summary>Added to oom_score_adj of what is spawned, proc_pid_oom_score_adj(5): a tenth of all memory, so that the kernel takes the workload first.</summary>
    private const int OutOfMemoryBias = 100;

    private const int MaxOutOfMemoryScore = 1000;

    private int? _ownOutOfMemoryScore;

    private static HolderMessage Describe(HeldItem item, HeldProgram program, MessageKind kind) =>
        new(kind, item.Id, program.Tag, program.Pid) { Fds = program.Master is { } master ? [master] : [] };

    private static HolderMessage Describe(HeldItem item, HeldProgram program, ExitStatus status)
    {
        byte[] payload = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, status.Code ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(sizeof(int)), status.Signal ?? 0);
        return new HolderMessage(MessageKind.Exited, item.Id, program.Tag, program.Pid) { Payload = payload };
    }

    private HeldProgram? Find(long id, int tag) => _items.GetValueOrDefault(id)?.Program is { } program && program.Tag == tag ? program : null;

    private void Put(HolderMessage message)
    {
        if (!_items.TryGetValue(message.Item, out HeldItem? item)) _items.Add(message.Item, item = new HeldItem(message.Item));
        item.Record = message.Payload;
        if (message.Fds.Count == 0) return;
        foreach (SafeFd fd in item.Fds) fd.Dispose();
        item.Fds = message.Fds;
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
        _running.Remove(program.Pid);
    }

    private void Spawn(HolderMessage message)
    {
        if (!_items.TryGetValue(message.Item, out HeldItem? item)) _items.Add(message.Item, item = new HeldItem(message.Item));
        Drop(item);
        PtyMaster? master = null;
        try
        {
            // B says which of four there are: the request itself, standard input, output and error.
            var fds = new Queue<SafeFd>(message.Fds);
            SafeFd?[] given = new SafeFd?[4];
            for (int i = 0; i < given.Length; i++) given[i] = (message.B & 1 << i) != 0 ? fds.Dequeue() : null;
            SpawnRequest request = ExecMessage.Decode(given[0] is { } stored ? ExecMessage.Load(stored) : message.Payload.ToArray());
            if (request.Columns > 0)
            {
                master = PtyMaster.Open(request.Columns, request.Rows);
                if (UserDatabase.IsRoot) FileOwnership.GiveSlave(master.SlavePath, request.User!, request.TerminalGroup);
            }

            ProgramStart start = Begin(request with { SlavePath = master?.SlavePath, Input = given[1], Output = given[2], Error = given[3] });
            item.Program = new HeldProgram(message.A, start.Pid, master?.Fd);
            _running.Add(start.Pid, item);
            BiasOutOfMemory(start.Pid);
            if (start.Report is null) Announce(item);
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
    private ProgramStart Begin(SpawnRequest request)
    {
        OpenFiles.SetLimit(_fileLimit);
        try
        {
            return ProgramStart.Begin(request, OwnImage);
        }
        finally
        {
            OpenFiles.RaiseLimit();
        }
    }

    private void AwaitExec(HeldItem item, ProgramStart start)
    {
        HeldProgram program = item.Program!;
        program.Start = start;
        EpollToken token = default;
        token = _loop.Register(start.Report!, EpollEvents.Readable, new Handler(() =>
        {
            _loop.Unregister(token);
            if (item.Program == program) FinishStart(item, program);
        }));
    }

    private void FinishStart(HeldItem item, HeldProgram program)
    {
        if (program.Start is not { } start) return;
        program.Start = null;
        bool hasExecuted = start.TryFinish(out string failure, out int errno);
        start.Dispose();
        if (hasExecuted)
        {
            Announce(item);
            return;
        }

        Drop(item);
        Refuse(item.Id, program.Tag, errno, failure);
    }

    private void Announce(HeldItem item) => _current?.Channel.Send(Describe(item, item.Program!, MessageKind.Spawned));

    private void Refuse(long id, int tag, int errno, string why) => _current?.Channel.Send(
        new HolderMessage(MessageKind.SpawnFailed, id, tag, errno) { Payload = System.Text.Encoding.UTF8.GetBytes(why) });

    /// <summary>Takes the exit status of everything that ended, ours and orphans that were given to us.</summary>
    private void Reap()
    {
        while (EndedChildren.TryReap(out int pid, out ExitStatus status))
        {
            if (_running.Remove(pid, out HeldItem? item)) OnProgramEnded(item, status);
            else if (_current?.Pid == pid) OnDaemonEnded(_current, status);
            else if (_upgrade?.LinkOf(pid) is { } link) OnDaemonEnded(link, status);
        }
    }

    private void OnProgramEnded(HeldItem item, ExitStatus status)
    {
        HeldProgram program = item.Program!;
        // Of one that could not execute, its report is the news and not its exit.
        FinishStart(item, program);
        if (item.Program != program) return;
        program.Ended = status;
        _current?.Channel.Send(Describe(item, program, status));
    }

    private void BiasOutOfMemory(int pid)
    {
        try
        {
            _ownOutOfMemoryScore ??= int.Parse(File.ReadAllText("/proc/self/oom_score_adj"));
            int score = Math.Min(MaxOutOfMemoryScore, _ownOutOfMemoryScore.Value + OutOfMemoryBias);
            File.WriteAllText($"/proc/{pid}/oom_score_adj", score.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // Another user's process, or a kernel without it: the kernel chooses by size alone.
        }
    }
}
