using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// One named thread that waits for descriptors, posted actions and timers, and runs their handlers one after another.
/// </summary>
/// <remarks>
/// Level-triggered. <see cref="Register(SafeFd, EpollEvents, IEpollHandler)"/>, <see cref="Modify"/> and <see cref="Unregister"/> belong to the loop's thread, which makes
/// "no event after Unregister" true without a lock; <see cref="Post"/> is for every thread.
/// </remarks>
public sealed unsafe class EpollLoop : IDisposable
{
    /// <summary>Events taken per wait: enough to amortise the call, few enough to come round to everyone soon.</summary>
    private const int EventsPerWait = 64;

    private const ulong WakeData = ulong.MaxValue;

    private readonly SafeFd _epoll;
    private readonly SafeFd _wake;
    private readonly EpollEventBuffer _events = new(EventsPerWait);
    private readonly RegistrationTable _registrations = new();
    private readonly TimerQueue _timers = new();
    private readonly Thread _thread;
    private readonly string _name;
    private readonly Action<Exception> _onFault;
    private readonly Lock _gate = new(); // guards _posted and _wakePending
    private List<Action> _posted = [];
    private List<Action> _running = [];
    private bool _wakePending;
    private bool _stopping;

    /// <summary>Makes the loop and starts its thread.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="onFault">Told of an exception that a handler or action let out; the loop goes on.</param>
    /// <exception cref="OsException">The kernel gives no epoll instance.</exception>
    public EpollLoop(string name, Action<Exception> onFault)
        : this(name, onFault, null)
    {
        _thread.Start();
    }

    private EpollLoop(string name, Action<Exception> onFault, Thread? thread)
    {
        _name = name;
        _onFault = onFault;
        _epoll = new SafeFd(OsException.Check(Libc.EpollCreate(Libc.EPOLL_CLOEXEC), "epoll_create1"));
        _wake = new SafeFd(OsException.Check(Libc.EventFd(0, Libc.EFD_CLOEXEC_NONBLOCK), "eventfd"));
        Control(Libc.EPOLL_CTL_ADD, _wake, EpollEvents.Readable, WakeData);
        _thread = thread ?? new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Makes a loop without a thread of its own: it belongs to the caller's, which calls <see cref="RunHere"/>.</summary>
    /// <exception cref="OsException">The kernel gives no epoll instance.</exception>
    public static EpollLoop OnThisThread(string name, Action<Exception> onFault) => new(name, onFault, Thread.CurrentThread);

    /// <summary>How many descriptors were ready at the last wait: whether others wait for the handler that runs. Loop's thread only.</summary>
    public int ReadyCount { get; private set; }

    /// <summary>True on the loop's own thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Watches a descriptor. Loop's thread only.</summary>
    /// <exception cref="OsException">The descriptor cannot be watched.</exception>
    public EpollToken Register(SafeFd fd, EpollEvents events, IEpollHandler handler)
    {
        EpollToken token = _registrations.Add(fd, handler);
        Control(Libc.EPOLL_CTL_ADD, fd, events, token.Value);
        return token;
    }

    /// <summary>The same for an action.</summary>
    /// <exception cref="OsException">The descriptor cannot be watched.</exception>
    public EpollToken Register(SafeFd fd, EpollEvents events, Action onReady) => Register(fd, events, new ActionHandler(onReady));

    /// <summary>Changes what a registration waits for. Loop's thread only.</summary>
    public void Modify(EpollToken token, EpollEvents events)
    {
        if (_registrations.FdOf(token) is { } fd) Control(Libc.EPOLL_CTL_MOD, fd, events, token.Value);
    }

    /// <summary>Ends a registration; its handler is not called again. Loop's thread only. Does not close the descriptor.</summary>
    public void Unregister(EpollToken token)
    {
        if (_registrations.FdOf(token) is not { } fd) return;
        _registrations.Remove(token);
        if (!fd.IsClosed) _ = Libc.EpollControl(_epoll.Value, Libc.EPOLL_CTL_DEL, fd.Value, null);
    }

    /// <summary>Runs an action on the loop's thread, after what it is doing now. Any thread.</summary>
    public void Post(Action action)
    {
        lock (_gate)
        {
            _posted.Add(action);
            if (_wakePending) return;
            _wakePending = true;
            Wake();
        }
    }

    /// <summary>Runs an action on the loop's thread and hands its end to the caller. Any thread but the loop's own.</summary>
    public Task InvokeAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Runs an action once, after a time. Loop's thread only.</summary>
    /// <param name="delayMilliseconds">Milliseconds from now.</param>
    /// <param name="action">What to run.</param>
    public void Schedule(long delayMilliseconds, Action action) => _timers.Add(delayMilliseconds, action);

    /// <summary>Runs a loop of <see cref="OnThisThread"/> until it is disposed of by one of its own actions.</summary>
    public void RunHere() => Run();

    /// <summary>Ends the thread after what it is doing now and waits for it. What is posted from then on does not run.</summary>
    public void Dispose()
    {
        Post(() => _stopping = true);
        if (!IsCurrent) _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                Dispatch(Wait());
                _timers.RunDue(_onFault);
            }

            _epoll.Dispose();
            _events.Dispose();
        }
        catch (Exception exception)
        {
            Environment.FailFast($"loop {_name} cannot go on", exception);
        }
    }

    private int Wait()
    {
        int count = Libc.EpollWait(_epoll.Value, _events.Start, _events.Capacity, _timers.MillisecondsToNext());
        if (count >= 0) return count;
        // epoll_wait is never restarted after a signal, signal(7); the runtime uses signals to suspend threads.
        if (Marshal.GetLastPInvokeError() != Errno.EINTR) OsException.Throw("epoll_wait");
        return 0;
    }

    private void Dispatch(int count)
    {
        ReadyCount = count;
        bool woken = false;
        for (int i = 0; i < count; i++)
        {
            ulong data = _events.DataAt(i);
            if (data == WakeData)
            {
                woken = true;
                continue;
            }

            // A handler earlier in this batch may have ended this registration: the generation tells.
            if (_registrations.HandlerOf(new EpollToken(data)) is not { } handler) continue;
            try
            {
                handler.OnReady(_events.EventsAt(i));
            }
            catch (Exception exception)
            {
                Unregister(new EpollToken(data));
                _onFault(exception);
                handler.OnFault(exception);
            }
        }

        if (woken) RunPosted();
    }

    private void RunPosted()
    {
        ulong ignored;
        _ = Libc.Read(_wake.Value, (byte*)&ignored, sizeof(ulong));
        lock (_gate)
        {
            (_posted, _running) = (_running, _posted);
            _wakePending = false;
        }

        foreach (Action action in _running)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                _onFault(exception);
            }
        }

        _running.Clear();
    }

    private void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake.Value, (byte*)&one, sizeof(ulong));
    }

    private void Control(int operation, SafeFd fd, EpollEvents events, ulong data)
    {
        byte* epollEvent = stackalloc byte[16];
        EpollEventBuffer.Write(epollEvent, events, data);
        OsException.Check(Libc.EpollControl(_epoll.Value, operation, fd.Value, epollEvent), "epoll_ctl");
    }

    private sealed class ActionHandler(Action action) : IEpollHandler
    {
        public void OnReady(EpollEvents events) => action();
    }
}
