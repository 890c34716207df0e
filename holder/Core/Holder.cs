using System.Text;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// Keeps what must outlive a daemon (programs, their ptys and exit statuses, journals, listeners, records), spawns and reaps, and sees that there is a daemon.
/// It understands nothing of what it keeps.
/// </summary>
/// <remarks>One thread.</remarks>
internal sealed partial class Holder
{
    /// <summary>
    /// Milliseconds after the death of a daemon that had served, when several died: it can live, so what kills it comes from outside, and clients wait for the next one. Ten a second keep no machine busy.
    /// </summary>
    private const long PauseAfterService = 100;

    /// <summary>Milliseconds of the first pause when daemons crash in a row before they serve; SESSIOND_HOLDER_PAUSE overrides both, for tests.</summary>
    private const long FirstPause = 500;

    /// <summary>Milliseconds after which the start's memory is given back: what is needed again is mapped again, without I/O.</summary>
    private const long StartupPagesKept = 2000;

    /// <summary>How long a line of the log waits for a reader; the programs' ends wait as long.</summary>
    private static readonly TimeSpan LogPatience = TimeSpan.FromMilliseconds(50);

    private readonly EpollLoop _loop = EpollLoop.OnThisThread("holder", exception => Log($"holder: {exception}"));
    private readonly Dictionary<long, HeldItem> _items = [];
    private readonly Dictionary<int, HeldItem> _running = []; // by pid, unreaped
    private readonly IReadOnlyList<string> _arguments;
    private readonly Dictionary<string, string> _environment;
    private readonly SignalSource _signals;
    private readonly ServiceNotification? _service;
    private readonly CrashLog _crashes;
    private readonly long _fileLimit;
    private DaemonLink? _current;
    private DaemonBinary _binary;
    private string _newsOfDeath = "";
    private bool _everReady;
    private int _stopRequests;
    private bool _reloadsLater;
    private int? _exitCode;

    internal Holder(IReadOnlyList<string> arguments, Dictionary<string, string> environment, SignalSource signals, IReadOnlyList<HolderMessage>? state)
    {
        _arguments = arguments;
        _environment = environment;
        _signals = signals;
        _service = ServiceNotification.To(environment.GetValueOrDefault("NOTIFY_SOCKET"));
        _crashes = long.TryParse(environment.GetValueOrDefault("SESSIOND_HOLDER_PAUSE"), out long given) ? new CrashLog(given, given) : new CrashLog(FirstPause, PauseAfterService);
        long limit = OpenFiles.RaiseLimit();
        _fileLimit = state?[0].Item ?? limit;
        _binary = state is null ? new DaemonBinary(OpenFiles.OpenProgram("/proc/self/exe"), Environment.ProcessPath!) : TakeOver(state);
    }

    /// <summary>Runs until everything has ended; returns the exit code.</summary>
    internal int Run()
    {
        _current ??= Start(_binary.ExecutablePath);
        _loop.Register(_signals.Fd, EpollEvents.Readable, TakeSignals);
        WatchDog();
        // What happened before the descriptor was there.
        Reap();
        _loop.Schedule(StartupPagesKept, Pty.OwnImage.ReleaseStartupPages);
        _loop.RunHere();
        return _exitCode ?? 1;
    }

    /// <summary>What the holder before us says about itself: its daemon's pid, socket and binary.</summary>
    private HolderMessage DescribeSelf(DaemonLink daemon) => new(MessageKind.Welcome, _fileLimit, HolderMessage.ProtocolVersion, daemon.Pid)
    {
        Text = _binary.Path,
        Fds = [_binary.Fd, daemon.Channel.Fd],
    };

    private DaemonBinary TakeOver(IReadOnlyList<HolderMessage> state)
    {
        foreach (HolderMessage message in state.Skip(1))
        {
            if (message.Kind == MessageKind.Item) Put(message);
            else if (message.Kind == MessageKind.Spawned) _items[message.Item].Program = new HeldProgram(message.A, message.B, message.Fds.Count > 0 ? message.Fds[0] : null);
            else _items[message.Item].Program!.Ended = ExitStatus.FromNumber(message.B);
        }

        // Only now: the pid of one that has ended may be another's.
        foreach (HeldItem item in _items.Values.Where(item => item.Program is { Ended: null })) _running.Add(item.Program!.Pid, item);
        HolderMessage self = state[0];
        _everReady = true;
        _current = Connect(self.B, new MessageSocket(self.Fds[1]));
        _current.SaidHello = _current.IsReady = true;
        return new DaemonBinary(self.Fds[0], self.Text);
    }

    private void TakeSignals()
    {
        while (_signals.Read() is > 0 and int signal)
        {
            if (signal == SignalNames.Child) Reap();
            else if (signal == SignalNames.HangUp) Tell(MessageKind.Reload);
            else if (signal is SignalNames.Terminate or SignalNames.Interrupt or SignalNames.Quit) Stop();
        }
    }

    /// <summary>The first one stops in order, a second one hurries.</summary>
    private void Stop()
    {
        _stopRequests++;
        Notify("STOPPING=1");
        AbandonUpgrade("a stop was asked for");
        // By itself: where no process is to be had now, signals are heard all the same, and the next try is on its way already.
        _loop.Schedule(0, () => _current ??= _exitCode is null ? Start(_binary.ExecutablePath) : null);
        Tell(MessageKind.Stop);
    }

    /// <summary>Tells the daemon as soon as it can listen.</summary>
    private void Tell(MessageKind kind)
    {
        if (_current is { SaidHello: true }) _current.Channel.Send(new HolderMessage(kind, A: _stopRequests > 1 ? 1 : 0));
        _reloadsLater = kind == MessageKind.Reload && _current is not { SaidHello: true };
    }

    private void End(int code)
    {
        _exitCode = code;
        _loop.Dispose();
    }

    private void Notify(string text) => _service?.Send(text);

    /// <summary>To standard error: for what a daemon cannot log because there is none.</summary>
    private static void Log(string text) => StandardIo.TryWrite(StandardFd.Error, Encoding.UTF8.GetBytes($"sessiond: {text}\n"), LogPatience);
}
