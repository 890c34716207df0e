using System.Buffers.Binary;
using System.Text;
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
            link.Channel.Send(Resume("another upgrade, or a stop, is under way"));
            return;
        }

        string path = message.Payload.IsEmpty ? _binaryPath : Encoding.UTF8.GetString(message.Payload.Span);
        try
        {
            SafeFd binary = OpenFiles.OpenProgram(path);
            if (TryStart(path, out string failure) is not { } candidate)
            {
                binary.Dispose();
                throw new IOException(failure);
            }

            var upgrade = new Upgrade(link, candidate, binary, path, message.A != 0);
            _upgrade = upgrade;
            _loop.Schedule(UpgradePatience, () =>
            {
                if (_upgrade == upgrade && !upgrade.IsDecided) AbandonUpgrade($"the new daemon did not adopt the sessions within {UpgradePatience / 1000} s");
            });
        }
        catch (IOException failure)
        {
            link.Channel.Send(Resume(failure.Message));
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
        var ids = new HashSet<long>();
        for (ReadOnlySpan<byte> rest = adopted.Payload.Span; rest.Length >= sizeof(long); rest = rest[sizeof(long)..]) ids.Add(BinaryPrimitives.ReadInt64LittleEndian(rest));
        if (!ids.SetEquals(upgrade.Given))
        {
            AbandonUpgrade($"the new daemon lists {ids.Count} of {upgrade.Given.Count} sessions and parts");
            return;
        }

        upgrade.IsDecided = true;
        _current = upgrade.Candidate;
        upgrade.Before = (_binary, _binaryPath);
        (_binary, _binaryPath) = (upgrade.Binary, upgrade.BinaryPath);
        _current.Channel.Send(new HolderMessage(MessageKind.Go));
        // Ends and starts that became known since it was given everything were the old one's to hear.
        foreach (HeldItem item in _items.Values)
        {
            if (item.Program is { Ended: { } status } program) _current.Channel.Send(Describe(item, program, status));
        }

        _loop.Schedule(UpgradePatience, () =>
        {
            if (_upgrade == upgrade) FinishUpgrade();
        });
    }

    /// <summary>The new daemon serves, or it is too late for anything else: the old one tells its clients and ends.</summary>
    private void FinishUpgrade()
    {
        if (_upgrade is not { IsDecided: true } upgrade) return;
        upgrade.Before?.Binary.Dispose();
        upgrade.Before = null;
        upgrade.Old.Channel.Send(new HolderMessage(MessageKind.Retire));
        _loop.Schedule(EndPatience, () => EndedChildren.Signal(_upgrade == upgrade ? upgrade.Old.Pid : 0, SignalNames.Kill));
    }

    /// <summary>The way back: the candidate goes, the old daemon goes on.</summary>
    private void AbandonUpgrade(string why)
    {
        if (_upgrade is not { IsDecided: false } upgrade) return;
        Log($"upgrade to {upgrade.BinaryPath}: {why}; the old daemon goes on");
        EndedChildren.Signal(upgrade.Candidate.Pid, SignalNames.Kill);
        upgrade.Binary.Dispose();
        _upgrade = null;
        upgrade.Old.Channel.Send(Resume(why));
    }

    private void OnOtherDaemonEnded(DaemonLink link, ExitStatus status)
    {
        if (_upgrade is not { } upgrade) return;
        if (link == upgrade.Candidate) AbandonUpgrade($"the new daemon {status}");
        if (link != upgrade.Old) return;
        _upgrade = null;
        if (upgrade.ReplacesHolder) ReplaceHolder();
    }

    /// <summary>The new daemon was told to go and ended before it served: the next one is the old binary's again.</summary>
    private void GoBack(DaemonLink link)
    {
        if (_upgrade is not { Before: { } before } upgrade || link != upgrade.Candidate || link.IsReady) return;
        Log($"the new daemon of {_binaryPath} ended before it served; {before.Path} goes on");
        _binary.Dispose();
        (_binary, _binaryPath) = before;
        upgrade.Before = null;
    }

    private static HolderMessage Resume(string why) => new(MessageKind.Resume) { Payload = Encoding.UTF8.GetBytes(why) };

    /// <summary>Executes the new binary in place of this one, after it has read the state as a child: same pid, same children, same descriptors.</summary>
    private void ReplaceHolder()
    {
        if (_current is not { } daemon || _items.Values.Any(item => item.Program?.Start is not null) || !daemon.Channel.IsEmpty)
        {
            _loop.Schedule(EndPatience / 100, ReplaceHolder);
            return;
        }

        var state = new HolderState
        {
            Items = [.. _items.Values],
            Binary = _binary,
            BinaryPath = _binaryPath,
            DaemonPid = daemon.Pid,
            DaemonSocket = daemon.Channel.Fd,
            FileLimit = _fileLimit,
        };
        using SafeFd saved = state.Save();
        var check = new SpawnRequest
        {
            Argv = [OpenFiles.PathOf(_binary), HolderProgram.CheckVerb],
            Environment = _environment,
            WorkingFolder = "/",
            Descriptor3 = saved,
        };
        if (!Begin(check).Succeeds())
        {
            Log("the new binary does not understand this holder's state: the holder stays as it is");
            return;
        }

        using SafeFd again = state.Save();
        var environment = new Dictionary<string, string>(_environment) { [HolderProgram.StateVariable] = $"{OpenFiles.NumberOf(again)}" };
        string[] argv = ["sessiond", "serve", .. _arguments];
        OpenFiles.SetLimit(_fileLimit);
        int errno = ProgramImage.Replace(OpenFiles.PathOf(_binary), argv, environment, [again, .. state.Fds()]);
        OpenFiles.RaiseLimit();
        Log($"replace the holder by {_binaryPath}: {Errno.Describe(errno)}");
    }
}
