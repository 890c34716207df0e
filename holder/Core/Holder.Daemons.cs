using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Starting daemons, giving them everything, and what happens when one ends.</summary>
internal sealed partial class Holder
{
    /// <summary>Milliseconds after the last message in which a daemon that said it is done ends by itself.</summary>
    private const long EndPatience = 5000;

    private void StartDaemon() => _current = TryStart(OpenFiles.PathOf(_binary), out string failure) ?? throw new IOException(failure);

    private DaemonLink? TryStart(string binary, out string failure)
    {
        (MessageSocket ours, MessageSocket theirs) = MessageSocket.Pair();
        using (theirs)
        {
            var request = new SpawnRequest
            {
                Argv = [binary, "daemon", .. _arguments],
                Argv0 = "sessiond",
                Environment = _environment,
                WorkingFolder = Environment.CurrentDirectory,
                KeepStandardStreams = true,
                Descriptor3 = theirs.Fd,
            };
            try
            {
                failure = "";
                return Connect(Begin(request).Pid, ours);
            }
            catch (IOException exception)
            {
                ours.Dispose();
                failure = exception.Message;
                return null;
            }
        }
    }

    private DaemonLink Connect(int pid, MessageSocket socket)
    {
        var channel = new MessageChannel(socket, _loop);
        var link = new DaemonLink(pid, channel);
        channel.OnMessage = message => Take(link, message);
        // A closed socket is a daemon that is ending: its pid will be reaped.
        channel.Start();
        return link;
    }

    private void Take(DaemonLink link, HolderMessage message)
    {
        if (TakeFromAny(link, message)) return;
        // A daemon that has been replaced, or is not yet in charge, changes nothing here.
        if (link != _current) return;
        switch (message.Kind)
        {
            case MessageKind.Put:
                Put(message);
                break;
            case MessageKind.Spawn:
                Spawn(message);
                break;
            case MessageKind.SignalGroup:
                if (Find(message.Item, message.B) is { Ended: null } program) EndedChildren.SignalGroup(program.Pid, message.A);
                break;
            case MessageKind.Release:
                if (Find(message.Item, message.A) is not null) Drop(_items[message.Item]);
                break;
            case MessageKind.Forget:
                Forget(message.Item);
                break;
            case MessageKind.Upgrade:
                BeginUpgrade(link, message);
                break;
        }
    }

    private bool TakeFromAny(DaemonLink link, HolderMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Hello:
                Greet(link, message);
                return true;
            case MessageKind.Quiesced:
            case MessageKind.Adopted:
                ContinueUpgrade(link, message);
                return true;
            case MessageKind.Ready:
                link.IsReady = true;
                if (link == _current) Serve();
                return true;
            case MessageKind.Stopped:
                link.StoppedCode = message.A;
                _loop.Schedule(EndPatience, () => EndedChildren.Signal(link == _current ? link.Pid : 0, SignalNames.Kill));
                return true;
            case MessageKind.Pong:
                link.Answered = true;
                return true;
            default:
                return false;
        }
    }

    private void Serve()
    {
        _everReady = true;
        Notify($"READY=1\nMAINPID={Environment.ProcessId}");
        FinishUpgrade();
    }

    private void Greet(DaemonLink link, HolderMessage hello)
    {
        link.SaidHello = true;
        if (link != _current)
        {
            ContinueUpgrade(link, hello);
            return;
        }

        if (hello.A != HolderMessage.ProtocolVersion)
        {
            Log($"the daemon speaks protocol {hello.A}, the holder {HolderMessage.ProtocolVersion}");
            EndedChildren.Signal(link.Pid, SignalNames.Kill);
            return;
        }

        Give(link, isUpgrade: false);
        if (_stopRequests > 0) Tell(MessageKind.Stop);
    }

    /// <summary>Hands everything over; the same whether a daemon died or is being replaced.</summary>
    private void Give(DaemonLink link, bool isUpgrade)
    {
        var welcome = new HolderMessage(MessageKind.Welcome, A: HolderMessage.ProtocolVersion, B: isUpgrade ? 1 : 0)
        {
            Payload = System.Text.Encoding.UTF8.GetBytes(_newsOfDeath),
        };
        link.Channel.Send(welcome);
        foreach (HeldItem item in _items.Values)
        {
            bool isStarting = item.Program?.Start is not null;
            link.Channel.Send(new HolderMessage(MessageKind.Item, item.Id, A: isStarting ? 1 : 0) { Payload = item.Record, Fds = item.Fds });
            if (isStarting || item.Program is not { } program) continue;
            link.Channel.Send(Describe(item, program, MessageKind.Process));
            if (program.Ended is { } status) link.Channel.Send(Describe(item, program, status));
        }

        link.Channel.Send(new HolderMessage(MessageKind.Given));
    }

    /// <summary>A daemon's process ended.</summary>
    private void OnDaemonEnded(DaemonLink link, ExitStatus status)
    {
        link.Channel.Close();
        if (link != _current)
        {
            OnOtherDaemonEnded(link, status);
            return;
        }

        _current = null;
        GoBack(link);
        AbandonUpgrade($"the old daemon {status} meanwhile");
        if (link.StoppedCode is { } code) End(code);
        // Before it ever served, an exit is its word: a wrong option, a socket that is in use. It has said why.
        else if (!_everReady && status.Code is { } refusal) End(refusal);
        else StartAnother(status, link.IsReady);
    }

    private void StartAnother(ExitStatus status, bool served)
    {
        long pause = _crashes.Note(Environment.TickCount64, served);
        _newsOfDeath = $"the daemon {status}; its sessions go on";
        if (_stopRequests > 0 && pause > 0)
        {
            Log("the daemon cannot stop the sessions in order; they are killed");
            foreach (HeldItem item in _running.Values) EndedChildren.SignalGroup(item.Program!.Pid, SignalNames.Kill);
            End(1);
            return;
        }

        if (pause > 0)
        {
            string news = $"the daemon {status}, {CrashLog.Many} times or more within {CrashLog.Window / 1000} s; the next one starts in {pause} ms. Sessions go on";
            Log(news);
            _newsOfDeath = news;
        }

        _loop.Schedule(pause, () =>
        {
            if (_current is not null) return;
            _current = TryStart(OpenFiles.PathOf(_binary), out string failure);
            if (_current is not null) return;
            Log(failure);
            StartAnother(status, served: false);
        });
    }

    /// <summary>
    /// Where the service manager wants signs of life it gets them as long as this loop turns; a daemon that does not answer is killed, and the next one adopts.
    /// </summary>
    private void WatchDog()
    {
        if (_service is null || !long.TryParse(_environment.GetValueOrDefault("WATCHDOG_USEC"), out long microseconds) || microseconds <= 0) return;
        long interval = Math.Max(1, microseconds / 1000 / 3);
        Notify("WATCHDOG=1");
        if (_current is { IsReady: true } link)
        {
            if (!link.Answered)
            {
                Log("the daemon does not answer; it is killed");
                EndedChildren.Signal(link.Pid, SignalNames.Kill);
            }

            link.Answered = false;
            link.Channel.Send(new HolderMessage(MessageKind.Ping));
        }

        _loop.Schedule(interval, WatchDog);
    }
}
