using System.Buffers.Binary;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>The daemon's end of its channel to the holder.</summary>
public sealed class HolderClient
{
    /// <summary>Bytes of a record, at most.</summary>
    public const int MaxRecord = 64 * 1024;

    /// <summary>The descriptor that a daemon is born with.</summary>
    private const int SocketNumber = 3;

    private readonly MessageChannel _channel;
    private readonly EpollLoop _loop;
    private readonly TaskCompletionSource<Handover> _handover = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<HandedItem> _items = [];
    private readonly Lock _gate = new(); // guards _runs, _starting and _nextItem
    private readonly Dictionary<long, HeldRun> _runs = [];
    private readonly Dictionary<(long Item, int Tag), TaskCompletionSource<HeldRun>> _starting = [];
    private HolderMessage _welcome = new(MessageKind.Welcome);
    private List<HolderMessage>? _waiting; // under the gate
    private long _nextItem = 1;

    private HolderClient(EpollLoop loop, MessageSocket socket)
    {
        _loop = loop;
        _channel = new MessageChannel(socket, loop)
        {
            OnMessage = Take,
            OnClosed = Lost,
            // A daemon that hears nothing more could not even be stopped; the next one adopts everything.
            OnFault = static exception => Environment.FailFast("sessiond: the channel to the holder", exception),
        };
    }

    /// <summary>Told to end everything; true: at once. This and the rest on the loop.</summary>
    public Action<bool> OnStop { get; set; } = static _ => { };

    /// <summary>Told to read the spec again.</summary>
    public Action OnReload { get; set; } = static () => { };

    /// <summary>Told to stop reading and accepting, and to answer with <see cref="Quiesced"/>.</summary>
    public Action OnQuiesce { get; set; } = static () => { };

    /// <summary>Told to go on after all, and why the upgrade failed.</summary>
    public Action<string> OnResume { get; set; } = static _ => { };

    /// <summary>Told to begin to read and accept.</summary>
    public Action OnGo { get; set; } = static () => { };

    /// <summary>Told that the successor serves; why it is not the new binary's, empty: it is.</summary>
    public Action<string> OnRetire { get; set; } = static _ => { };

    /// <summary>Told that the holder is gone.</summary>
    public Action OnLost { get; set; } = static () => { };

    /// <summary>Takes the socket that this process was born with; null when the holder did not start it.</summary>
    public static HolderClient? Connect(EpollLoop loop)
    {
        SafeFd fd = OpenFiles.Inherited(SocketNumber);
        if (!MessageSocket.IsOne(fd))
        {
            fd.SetHandleAsInvalid();
            return null;
        }

        var client = new HolderClient(loop, new MessageSocket(fd));
        loop.Post(client._channel.Start);
        return client;
    }

    /// <summary>Says that we are there and ready to be given everything.</summary>
    public void Greet(string version) => Send(new HolderMessage(MessageKind.Hello, A: HolderMessage.ProtocolVersion) { Text = version });

    /// <summary>What the holder has, once all of it is here.</summary>
    public Task<Handover> HandoverAsync() => _handover.Task;

    /// <summary>An id that no item has. Any thread, after the handover.</summary>
    public long NewItem()
    {
        lock (_gate) return _nextItem++;
    }

    /// <summary>Keeps a record, and descriptors where there are any given. Any thread.</summary>
    /// <exception cref="IOException">The record is larger than <see cref="MaxRecord"/>.</exception>
    public void Put(long item, ReadOnlyMemory<byte> record, params SafeFd[] fds)
    {
        if (record.Length > MaxRecord) throw new IOException($"a record of {record.Length} bytes is larger than {MaxRecord}");
        Send(new HolderMessage(MessageKind.Put, item) { Payload = record, Fds = fds });
    }

    /// <summary>Drops an item with everything it has. Any thread.</summary>
    public void Forget(long item)
    {
        lock (_gate) _runs.Remove(item);
        Send(new HolderMessage(MessageKind.Forget, item));
    }

    /// <summary>Runs a program. Any thread; many may be on their way at once.</summary>
    /// <param name="item">What it belongs to; an item has one program at a time.</param>
    /// <param name="tag">Names this run among those of the item.</param>
    /// <param name="request">What to run; a size asks for a pty.</param>
    /// <exception cref="SpawnException">It could not be executed.</exception>
    public Task<HeldRun> SpawnAsync(long item, int tag, SpawnRequest request)
    {
        byte[] bytes = ExecMessage.Pack(request, HolderMessage.MaxPayload, out SafeFd[] fds, out int which);
        using SafeFd? stored = (which & 1) != 0 ? fds[0] : null;
        Task<HeldRun> started = AwaitStart(item, tag);
        Send(new HolderMessage(MessageKind.Spawn, item, tag, which) { Payload = bytes, Fds = fds });
        return started;
    }

    /// <summary>The same for a caller that has nothing else to do: not on a loop.</summary>
    /// <exception cref="SpawnException">It could not be executed.</exception>
    public HeldRun Spawn(long item, int tag, SpawnRequest request)
    {
#pragma warning disable VSTHRD002 // https://github.com/microsoft/vs-threading/blob/main/doc/analyzers/VSTHRD002.md: the loop answers, which waits for nobody
        return SpawnAsync(item, tag, request).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    /// <summary>Says what was adopted. Any thread.</summary>
    public void Adopted(IEnumerable<long> items) => Send(new HolderMessage(MessageKind.Adopted) { Payload = Bytes(items) });

    /// <summary>Says that we serve. Any thread.</summary>
    public void Ready() => Send(new HolderMessage(MessageKind.Ready));

    /// <summary>Says that nothing is read, accepted or waiting any more. Any thread.</summary>
    public void Quiesced() => _channel.Send(new HolderMessage(MessageKind.Quiesced));

    /// <summary>Keeps what is to be sent to ourselves, while somebody else may be about to take our place. Any thread.</summary>
    public void Pause()
    {
        lock (_gate) _waiting = [];
    }

    /// <summary>Sends what waited. Any thread.</summary>
    public void Continue()
    {
        lock (_gate)
        {
            foreach (HolderMessage message in _waiting ?? []) _channel.Send(message);
            _waiting = null;
        }
    }

    /// <summary>Asks for an upgrade; the answer is <see cref="OnResume"/> or <see cref="OnRetire"/>. Any thread.</summary>
    /// <param name="binary">Path of the binary; null: the one on disk.</param>
    /// <param name="holder">Replace the holder too.</param>
    public void Upgrade(string? binary, bool holder) =>
        Send(new HolderMessage(MessageKind.Upgrade, A: holder ? 1 : 0) { Text = binary ?? "" });

    /// <summary>Says that everything has ended and that we are about to. Any thread.</summary>
    public void Stopped(int exitCode) => Send(new HolderMessage(MessageKind.Stopped, A: exitCode));

    /// <summary>Hears nothing more. For a daemon that ends. Any thread.</summary>
    public Task CloseAsync() => _loop.InvokeAsync(_channel.Close);

    internal void Send(HolderMessage message)
    {
        lock (_gate)
        {
            // The sender closes its descriptors when this returns.
            if (_waiting is not null) _waiting.Add(message with { Fds = [.. message.Fds.Select(fd => fd.Duplicate())] });
            else _channel.Send(message);
        }
    }

    private static byte[] Bytes(IEnumerable<long> items)
    {
        long[] ids = [.. items];
        byte[] bytes = new byte[ids.Length * sizeof(long)];
        for (int i = 0; i < ids.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), ids[i]);
        return bytes;
    }

    private Task<HeldRun> AwaitStart(long item, int tag)
    {
        var started = new TaskCompletionSource<HeldRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _starting[(item, tag)] = started;
        return started.Task;
    }

    private void Take(HolderMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Welcome:
                _welcome = message;
                break;
            case MessageKind.Item:
                TakeItem(message);
                break;
            case MessageKind.Given:
                _handover.TrySetResult(new Handover(_welcome.Text, _welcome.B != 0, _items));
                break;
            case MessageKind.Spawned:
                TakeProgram(message);
                break;
            case MessageKind.SpawnFailed:
                TakeStart(message)?.TrySetException(new SpawnException(message.Text, message.B));
                break;
            case MessageKind.Exited:
                TakeEnd(message);
                break;
            default:
                TakeOrder(message);
                break;
        }
    }

    private void TakeOrder(HolderMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Stop:
                OnStop(message.A != 0);
                break;
            case MessageKind.Reload:
                OnReload();
                break;
            case MessageKind.Quiesce:
                OnQuiesce();
                break;
            case MessageKind.Resume:
                OnResume(message.Text);
                break;
            case MessageKind.Go:
                OnGo();
                break;
            case MessageKind.Retire:
                OnRetire(message.Text);
                break;
            case MessageKind.Ping:
                _channel.Send(new HolderMessage(MessageKind.Pong));
                break;
        }
    }

    private void TakeItem(HolderMessage message)
    {
        var item = new HandedItem(message.Item, message.Payload, message.Fds);
        if (message.A != 0) item.Starting = AwaitStart(message.Item, 0);
        _items.Add(item);
        lock (_gate) _nextItem = Math.Max(_nextItem, message.Item + 1);
    }

    private void TakeProgram(HolderMessage message)
    {
        if (_handover.Task.IsCompleted) TakeStart(message)?.TrySetResult(NewRun(message));
        else if (_items.Count > 0) _items[^1].Run = NewRun(message);
        // An earlier holder says so before we said hello, and once more when it hands everything over.
        else foreach (SafeFd fd in message.Fds) fd.Dispose();
    }

    private HeldRun NewRun(HolderMessage message)
    {
        var run = new HeldRun(this, message.Item, message.A, message.B, message.Fds.Count > 0 ? message.Fds[0] : null);
        lock (_gate) _runs[message.Item] = run;
        return run;
    }

    /// <summary>Whoever waits for this start; tag 0 waits for the one that was under way at the handover.</summary>
    private TaskCompletionSource<HeldRun>? TakeStart(HolderMessage message)
    {
        lock (_gate)
        {
            if (_starting.Remove((message.Item, message.A), out TaskCompletionSource<HeldRun>? started)) return started;
            return _starting.Remove((message.Item, 0), out started) ? started : null;
        }
    }

    private void TakeEnd(HolderMessage message)
    {
        HeldRun? run;
        lock (_gate) _runs.TryGetValue(message.Item, out run);
        if (run?.Tag != message.A) return;
        run.End(ExitStatus.FromNumber(message.B));
    }

    private void Lost()
    {
        var gone = new IOException("the holder is gone");
        _handover.TrySetException(gone);
        HeldRun[] runs;
        TaskCompletionSource<HeldRun>[] starting;
        lock (_gate) (runs, starting) = ([.. _runs.Values], [.. _starting.Values]);
        // Nobody will tell how they end; whoever waits must not wait for ever.
        foreach (TaskCompletionSource<HeldRun> start in starting) start.TrySetException(gone);
        OnLost();
        foreach (HeldRun run in runs) run.End(new ExitStatus(null, SignalNames.HangUp));
    }
}
