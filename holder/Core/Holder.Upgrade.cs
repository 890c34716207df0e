using System.Runtime.InteropServices;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>
/// The upgrade: the new daemon starts and says which protocol it speaks; the old one stops reading; the new one adopts and lists what it has; only when that is
/// everything it is told to go. Until then the old one can go on.
/// </summary>
internal sealed partial class Holder
{
    /// <summary>Milliseconds from the start of the new daemon to its adoption, and again to its serving.</summary>
    private const long UpgradePatience = 10_000;

    private Upgrade? _upgrade;

    private void BeginUpgrade(DaemonLink link, HolderMessage message)
    {
        if (_upgrade is not null || _stopRequests > 0)
        {
            link.Channel.Send(new HolderMessage(MessageKind.Resume) { Text = "another upgrade, or a stop, is under way" });
            return;
        }

        string path = message.Payload.IsEmpty ? _binary.Path : message.Text;
        DaemonBinary? binary = null;
        try
        {
            binary = new DaemonBinary(OpenFiles.OpenProgram(path), path);
            Upgrade upgrade = _upgrade = new Upgrade(link, Start(path), binary, message.A != 0);
            _loop.Schedule(UpgradePatience, () =>
            {
                if (_upgrade == upgrade && !upgrade.IsDecided) AbandonUpgrade($"the new daemon did not adopt the sessions within {UpgradePatience / 1000} s");
            });
        }
        catch (IOException failure)
        {
            binary?.Fd.Dispose();
            link.Channel.Send(new HolderMessage(MessageKind.Resume) { Text = failure.Message });
        }
    }

    private void ContinueUpgrade(DaemonLink link, HolderMessage message)
    {
        if (_upgrade is not { } upgrade || upgrade.IsDecided) return;
        if (link == upgrade.Candidate && message.Kind == MessageKind.Hello)
        {
            if (message.A == HolderMessage.ProtocolVersion) upgrade.Old.Channel.Send(new HolderMessage(MessageKind.Quiesce));
            else AbandonUpgrade($"the new daemon speaks protocol {message.A}, the holder {HolderMessage.ProtocolVersion}");
        }
        else if (link == upgrade.Old && message.Kind == MessageKind.Quiesced)
        {
            upgrade.Given.UnionWith(_items.Keys);
            Give(upgrade.Candidate, isUpgrade: true);
        }
        else if (link == upgrade.Candidate && message.Kind == MessageKind.Adopted)
        {
            Decide(upgrade, message);
        }
    }

    private void Decide(Upgrade upgrade, HolderMessage adopted)
    {
        long[] ids = MemoryMarshal.Cast<byte, long>(adopted.Payload.Span).ToArray();
        if (!upgrade.Given.SetEquals(ids))
        {
            AbandonUpgrade($"the new daemon lists {ids.Length} of {upgrade.Given.Count} sessions and parts");
            return;
        }

        upgrade.IsDecided = true;
        _current = upgrade.Candidate;
        _current.SaidHello = true;
        (upgrade.Before, _binary) = (_binary, upgrade.Binary);
        _current.Channel.Send(new HolderMessage(MessageKind.Go));
        // Ends that became known since it was given everything were the old one's to hear.
        foreach (HeldItem item in _items.Values.Where(item => item.Program?.Ended is not null)) _current.Channel.Send(item.DescribeEnd());
        _loop.Schedule(UpgradePatience, () =>
        {
            if (_upgrade == upgrade) FinishUpgrade();
        });
    }

    /// <summary>The new daemon serves, or it is too late for anything else: the old one tells its clients and ends.</summary>
    private void FinishUpgrade()
    {
        if (_upgrade is not { IsDecided: true } upgrade) return;
        upgrade.Before?.Fd.Dispose();
        upgrade.Before = null;
        upgrade.Old.Channel.Send(new HolderMessage(MessageKind.Retire) { Text = upgrade.Failure });
        _loop.Schedule(EndPatience, () => EndedChildren.Signal(_upgrade == upgrade ? upgrade.Old.Pid : 0, SignalNames.Kill));
    }

    /// <summary>The way back: the candidate goes, the old daemon goes on.</summary>
    private void AbandonUpgrade(string why)
    {
        if (_upgrade is not { IsDecided: false } upgrade) return;
        Log($"upgrade to {upgrade.Binary.Path}: {why}; the old daemon goes on");
        EndedChildren.Signal(upgrade.Candidate.Pid, SignalNames.Kill);
        upgrade.Binary.Fd.Dispose();
        _upgrade = null;
        upgrade.Old.Channel.Send(new HolderMessage(MessageKind.Resume) { Text = why });
    }

    private void OnOtherDaemonEnded(DaemonLink link, ExitStatus status)
    {
        if (_upgrade is not { } upgrade) return;
        if (link == upgrade.Candidate) AbandonUpgrade($"the new daemon {status}");
        if (link != upgrade.Old) return;
        _upgrade = null;
        // By itself: what goes wrong in it is logged, and those that ended with this one are reaped.
        if (upgrade is { ReplacesHolder: true, Failure: "" }) _loop.Schedule(0, ReplaceHolder);
    }

    /// <summary>The new daemon was told to go and ended before it served: the next one is the old binary's again.</summary>
    private void GoBack(DaemonLink link, ExitStatus status)
    {
        if (_upgrade is not { Before: { } before } upgrade || link != upgrade.Candidate || link.IsReady) return;
        Log(upgrade.Failure = $"the new daemon of {_binary.Path} {status} before it served; {before.Path} serves again");
        _binary.Fd.Dispose();
        _binary = before;
        upgrade.Before = null;
    }

    /// <summary>Executes the new binary in place of this one, after it has read the state as a child: same pid, same children, same descriptors.</summary>
    private void ReplaceHolder()
    {
        if (_stopRequests > 0) return;
        if (_upgrade is not null || _current is not { IsReady: true } daemon || _items.Values.Any(item => item.Program?.Start is not null) || !daemon.Channel.IsEmpty)
        {
            _loop.Schedule(EndPatience / 100, ReplaceHolder);
            return;
        }

        HolderMessage[] state = [DescribeSelf(daemon), .. _items.Values.SelectMany(item => item.Describe())];
        using SafeFd saved = HolderState.Save(state);
        var check = new SpawnRequest
        {
            Argv = [_binary.ExecutablePath, HolderProgram.CheckVerb],
            Environment = _environment,
            WorkingFolder = "/",
            Descriptor3 = saved,
        };
        if (!Begin(check).Succeeds(TimeSpan.FromMilliseconds(EndPatience)))
        {
            Log("the new binary does not understand this holder's state: the holder stays as it is");
            return;
        }

        var environment = new Dictionary<string, string>(_environment) { [HolderProgram.StateVariable] = $"{OpenFiles.NumberOf(saved)}" };
        string[] argv = ["sessiond", "serve", .. _arguments];
        int errno = ProgramImage.Replace(_binary.ExecutablePath, argv, environment, [saved, .. state.SelectMany(message => message.Fds)]);
        Log($"replace the holder by {_binary.Path}: {Errno.Describe(errno)}");
    }
}
