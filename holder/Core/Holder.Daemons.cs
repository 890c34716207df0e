using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Starting daemons, giving them everything, and what happens when one ends.</summary>
internal sealed partial class Holder
{
    /// <summary>Milliseconds after the last message in which a daemon that said it is done ends by itself.</summary>
    private const long EndPatience = 5000;

    /// <exception cref="IOException">It cannot be executed.</exception>
    private DaemonLink Start(string binary)
    {
        (MessageSocket ours, MessageSocket theirs) = MessageSocket.Pair();
        using (theirs)
        {
            var request = new SpawnRequest
            {
                Argv = [binary, "daemon", .. _arguments],
                Argv0 = "sessiond",
                Environment = _environment,
                WorkingFolder = OwnFolder.ForChildren,
                KeepStandardStreams = true,
                Descriptor3 = theirs.Fd,
            };
            try
            {
                return Connect(Begin(request).Pid, ours);
            }
            catch
            {
                ours.Dispose();
                throw;
            }
        }
    }

    private DaemonLink Connect(int pid, MessageSocket socket)
    {
        var channel = new MessageChannel(socket, _loop);
        var link = new DaemonLink(pid, channel);
        channel.OnMessage = message => Take(link, message);
        // Whatever it says next would not be heard: the next one begins anew.
        channel.OnFault = _ => EndedChildren.Signal(link.Pid, SignalNames.Kill);
        // A closed socket is a daemon that is ending: its pid will be reaped.
        channel.Start();
        return link;
    }

    private void Take(DaemonLink link, HolderMessage message)
    {
        Action? action = message.Kind switch
        {
            MessageKind.Hello when link == _current => () => Greet(link, message),
            MessageKind.Hello or MessageKind.Quiesced or MessageKind.Adopted => () => ContinueUpgrade(link, message),
            MessageKind.Ready => () => Serve(link),
            MessageKind.Stopped => () => ExpectEnd(link, message.A),
            MessageKind.Pong => () => link.Answered = true,
            // A daemon that has been replaced, or is not yet in charge, changes nothing here.
            _ when link != _current => null,
            MessageKind.Put => () => Put(message),
            MessageKind.Spawn => () => Spawn(message),
            MessageKind.SignalGroup => () => EndedChildren.SignalGroup(Find(message.Item, message.B) is { Ended: null } program ? program.Pid : 0, message.A),
            MessageKind.Release => () => Release(message.Item, message.A),
            MessageKind.Forget => () => Forget(message.Item),
            MessageKind.Upgrade => () => BeginUpgrade(link, message),
            _ => null,
        };
        action?.Invoke();
    }

    private void ExpectEnd(DaemonLink link, int code)
    {
        link.StoppedCode = code;
        _loop.Schedule(EndPatience, () => EndedChildren.Signal(link == _current ? link.Pid : 0, SignalNames.Kill));
    }

    private void Serve(DaemonLink link)
    {
        link.IsReady = true;
        if (link != _current) return;
        _everReady = true;
        Notify($"READY=1\nMAINPID={Environment.ProcessId}");
        FinishUpgrade();
    }

    private void Greet(DaemonLink link, HolderMessage hello)
    {
        if (hello.A != HolderMessage.ProtocolVersion)
        {
            Log($"the daemon speaks protocol {hello.A}, the holder {HolderMessage.ProtocolVersion}");
            EndedChildren.Signal(link.Pid, SignalNames.Kill);
            return;
        }

        link.SaidHello = true;
        Give(link, isUpgrade: false);
        if (_stopRequests > 0) Tell(MessageKind.Stop);
        if (_reloadsLater) Tell(MessageKind.Reload);
    }

    /// <summary>Hands everything over; the same whether a daemon died or is being replaced.</summary>
    private void Give(DaemonLink link, bool isUpgrade)
    {
        link.Channel.Send(new HolderMessage(MessageKind.Welcome, A: HolderMessage.ProtocolVersion, B: isUpgrade ? 1 : 0) { Text = isUpgrade ? "" : _newsOfDeath });
        foreach (HolderMessage message in _items.Values.SelectMany(item => item.Describe())) link.Channel.Send(message);
        link.Channel.Send(new HolderMessage(MessageKind.Given));
    }

    /// <summary>A daemon ended: the one in charge, or another one of an upgrade.</summary>
    private void OnDaemonEnded(DaemonLink link, ExitStatus status)
    {
        link.Channel.Close();
        if (link != _current)
        {
            OnOtherDaemonEnded(link, status);
            return;
        }

        _current = null;
        GoBack(link, status);
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
            _newsOfDeath = $"the daemon {status}, {CrashLog.Many} times or more within {CrashLog.Window / 1000} s; the next one starts in {pause} ms. Sessions go on";
            Log(_newsOfDeath);
        }

        _loop.Schedule(pause, () =>
        {
            if (_current is not null) return;
            try
            {
                _current = Start(_binary.ExecutablePath);
            }
            catch (IOException failure)
            {
                Log(failure.Message);
                StartAnother(status, served: false);
            }
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
