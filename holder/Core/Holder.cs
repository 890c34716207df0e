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

    private readonly EpollLoop _loop = EpollLoop.OnThisThread("holder", Fault);
    private readonly Dictionary<long, HeldItem> _items = [];
    private readonly Dictionary<int, HeldItem> _running = []; // by pid, unreaped
    private readonly IReadOnlyList<string> _arguments;
    private readonly Dictionary<string, string> _environment;
    private readonly SignalSource _signals;
    private readonly ServiceNotification? _service;
    private readonly CrashLog _crashes;
    private readonly long _fileLimit;
    private DaemonLink? _current;
    private SafeFd _binary;
    private string _binaryPath;
    private string _newsOfDeath = "";
    private bool _everReady;
    private int _stopRequests;
    private int? _exitCode;

    internal Holder(IReadOnlyList<string> arguments, Dictionary<string, string> environment, SignalSource signals, HolderState? state)
    {
        _arguments = arguments;
        _environment = environment;
        _signals = signals;
        _service = ServiceNotification.To(environment.GetValueOrDefault("NOTIFY_SOCKET"));
        _crashes = long.TryParse(environment.GetValueOrDefault("SESSIOND_HOLDER_PAUSE"), out long given) ? new CrashLog(given, given) : new CrashLog(FirstPause, PauseAfterService);
        long limit = OpenFiles.RaiseLimit();
        _fileLimit = state?.FileLimit ?? limit;
        _binary = state?.Binary ?? OpenFiles.OpenProgram("/proc/self/exe");
        _binaryPath = state?.BinaryPath ?? Environment.ProcessPath!;
        if (state is not null) TakeOver(state);
    }

    /// <summary>Runs until everything has ended; returns the exit code.</summary>
    internal int Run()
    {
        if (_current is null) StartDaemon();
        _loop.Register(_signals.Fd, EpollEvents.Readable, new Handler(TakeSignals));
        WatchDog();
        // What happened before the descriptor was there.
        Reap();
        _loop.Schedule(StartupPagesKept, ReleaseStartupPages);
        _loop.RunHere();
        return _exitCode ?? 1;
    }

    private static void ReleaseStartupPages()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        Pty.OwnImage.ReleaseStartupPages();
    }

    private void TakeOver(HolderState state)
    {
        foreach (HeldItem item in state.Items)
        {
            _items.Add(item.Id, item);
            if (item.Program is { Ended: null } program) _running.Add(program.Pid, item);
        }

        _everReady = true;
        _current = Connect(state.DaemonPid, new MessageSocket(state.DaemonSocket));
        _current.SaidHello = _current.IsReady = true;
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
        if (_current is null) StartDaemon();
        Tell(MessageKind.Stop);
    }

    /// <summary>Tells the daemon as soon as it can listen.</summary>
    private void Tell(MessageKind kind)
    {
        if (_current is { SaidHello: true }) _current.Channel.Send(new HolderMessage(kind, A: _stopRequests > 1 ? 1 : 0));
    }

    private void End(int code)
    {
        _exitCode = code;
        _loop.Dispose();
    }

    private void Notify(string text) => _service?.Send(text);

    /// <summary>To standard error: for what a daemon cannot log because there is none.</summary>
    private static void Log(string text)
    {
        try
        {
            StandardIo.TryWrite(StandardFd.Error, Encoding.UTF8.GetBytes($"sessiond: {text}\n"), TimeSpan.Zero);
        }
        catch (IOException)
        {
            // Nobody reads it.
        }
    }

    private static void Fault(Exception exception) => Log($"holder: {exception}");

    private sealed class Handler(Action action) : IEpollHandler
    {
        public void OnReady(EpollEvents events) => action();
    }
}
