using System.Text.Json;
using Sessiond.Daemon.Sessions;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>What a daemon before us left at the holder, by kind.</summary>
internal sealed class Adoption
{
    private readonly List<(SessionRecord Record, HandedItem Item)> _sessions = [];
    private readonly List<(Session Session, SessionRecord Record, HandedItem Item)> _prepared = [];
    private readonly List<HandedItem> _nobodys = [];
    private readonly List<(ProcessRecord Record, HandedItem Item)> _processes = [];

    /// <summary>Processes of hooks, and what hooks left in the background.</summary>
    internal IReadOnlyList<(ProcessRecord Record, HandedItem Item)> Processes => _processes;

    /// <summary>What is known of the secrets that programs were given.</summary>
    internal IReadOnlyList<EarlierSecrets> Secrets =>
        [.. _sessions.Select(pair => new EarlierSecrets(pair.Item.Run?.Pid, pair.Record.OwnSecrets ?? new Dictionary<string, string>(), pair.Record.SecretsFingerprint))];

    /// <summary>Sorts what was handed over.</summary>
    internal static Adoption Of(IEnumerable<HandedItem> items)
    {
        var adoption = new Adoption();
        foreach (HandedItem item in items)
        {
            if (item.Record.IsEmpty || item.Fds.Count == 0)
            {
                adoption._nobodys.Add(item);
            }
            else if (item.Record.Span.StartsWith("{\"process_key\""u8))
            {
                adoption._processes.Add((JsonSerializer.Deserialize(item.Record.Span, RecordJsonContext.Default.ProcessRecord)!, item));
            }
            else
            {
                adoption._sessions.Add((JsonSerializer.Deserialize(item.Record.Span, RecordJsonContext.Default.SessionRecord)!, item));
            }
        }

        return adoption;
    }

    /// <summary>Makes the sessions as they were left, and changes nothing that the daemon before us needs: it may have to go on.</summary>
    internal void Prepare(Devbox devbox, SessionRegistry sessions, SessionServices services) => Parallel.ForEach(_sessions, pair =>
    {
        (SessionRecord record, HandedItem item) = pair;
        SessionDefinition definition = devbox.Definitions.FromRecord(record, devbox.Spec.BrokenSessions);
        var size = new TerminalSize(record.Columns, record.Rows);
        var session = new Session(definition, services, item.Id, Journal.Adopt(item.Fds[0]), size, record.SpecName);
        session.Restore(record, item);
        sessions.Adopt(session);
        lock (_prepared) _prepared.Add((session, record, item));
    });

    /// <summary>Goes on with the sessions, and ends what nobody waits for.</summary>
    internal void GoOn(SessionRegistry sessions, SessionServices services)
    {
        Parallel.ForEach(_prepared, adopted =>
        {
            (Session session, SessionRecord record, HandedItem item) = adopted;
            session.GoOn(record, item);
            if (record.IsReleased) _ = sessions.TerminateAsync(session, services, null, CancellationToken.None);
            else if (session.WasStopping) _ = session.StopAsync(null, CancellationToken.None);
        });
        foreach (HandedItem item in _nobodys)
        {
            // A probe or a git of a daemon that is gone: nobody waits for it. Git removes its locks on SIGTERM; an interactive shell minds SIGHUP alone.
            item.Run?.SignalGroup(SignalNames.Terminate);
            item.Run?.SignalGroup(SignalNames.HangUp);
            services.Holder.Forget(item.Id);
        }
    }
}
