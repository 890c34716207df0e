using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>One run of a program that the holder spawned, as the daemon sees it.</summary>
public sealed class HeldRun
{
    private readonly HolderClient _client;
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new(); // guards _onEnded and _status
    private Action<ExitStatus>? _onEnded;
    private ExitStatus? _status;

    internal HeldRun(HolderClient client, long item, int tag, int pid, SafeFd? master)
    {
        _client = client;
        Item = item;
        Tag = tag;
        Pid = pid;
        Master = master;
    }

    /// <summary>The item that it belongs to.</summary>
    public long Item { get; }

    /// <summary>Names this run among those of the item.</summary>
    public int Tag { get; }

    /// <summary>Pid; also session id and first process group.</summary>
    public int Pid { get; }

    /// <summary>Master of its pty; null without one. The caller's.</summary>
    public SafeFd? Master { get; }

    /// <summary>Completes with the exit status.</summary>
    public Task<ExitStatus> Ended => _ended.Task;

    /// <summary>Calls back when it has ended, at once when it has already. On the client's loop or the caller's thread.</summary>
    public void WhenEnded(Action<ExitStatus> action)
    {
        lock (_gate)
        {
            _onEnded += action;
            if (_status is null) return;
        }

        action(_status.Value);
    }

    /// <summary>Signals its process group as long as the leader is unreaped. Any thread.</summary>
    public void SignalGroup(int signal) => _client.Send(new HolderMessage(MessageKind.SignalGroup, Item, signal, Tag));

    /// <summary>Its end is written down: the holder may forget pty and status. Any thread.</summary>
    public void Release() => _client.Send(new HolderMessage(MessageKind.Release, Item, Tag));

    internal void End(ExitStatus status)
    {
        Action<ExitStatus>? onEnded;
        lock (_gate)
        {
            if (_status is not null) return;
            _status = status;
            onEnded = _onEnded;
        }

        onEnded?.Invoke(status);
        _ended.TrySetResult(status);
    }
}
