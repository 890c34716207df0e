using System.Diagnostics.CodeAnalysis;
using Sessiond.Daemon.Attach;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Logs;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// A named terminal: its program's pty is drained into a journal, the journal feeds the engine, and attachments follow the journal.
/// </summary>
/// <remarks>
/// Two rules keep it simple. What touches descriptors runs on the session's loop: the pty, its input, the attachments. What touches the engine, the
/// controller or the state holds <see cref="_gate"/>, on whatever thread; nothing waits or writes inside it.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed partial class Session
{
    private readonly Lock _gate = new(); // guards _terminal, _controller, _state … _restarts, _definition
    private readonly SessionServices _services;
    private readonly Terminal _terminal;
    private readonly Journal _journal;
    private readonly SessionLog _log;
    private readonly List<Attachment> _attachments = []; // loop's thread
    private readonly int _firstColumns;
    private readonly int _firstRows;
    private DateTimeOffset _createdAt;
    private SessionDefinition _definition;
    private SessionDefinition? _nextDefinition; // under the gate; what a reload made of it, for the next start
    private bool _isOutdated; // under the gate
    private bool _isEnvironmentStale; // under the gate
    private string? _toldState; // under the gate; what those who wait for the session were woken for last
    private bool _toldReady; // under the gate

    /// <summary>Makes a session without a program.</summary>
    /// <param name="definition">What it is.</param>
    /// <param name="services">What it needs.</param>
    /// <param name="item">Its id at the holder.</param>
    /// <param name="journal">Its journal: new and empty, or one that a daemon before us filled.</param>
    /// <param name="size">Its size at the beginning of the journal.</param>
    /// <param name="specName">Its name in the spec; null: it is not from there.</param>
    internal Session(SessionDefinition definition, SessionServices services, long item, Journal journal, TerminalSize size, string? specName)
    {
        _definition = definition;
        _services = services;
        Item = item;
        SpecName = specName;
        _loop = services.Interactive;
        _journal = journal;
        (_firstColumns, _firstRows) = (size.Columns, size.Rows);
        var options = new TerminalOptions
        {
            Columns = size.Columns,
            Rows = size.Rows,
            ScrollbackLines = definition.ScrollbackLines,
            ScrollbackBytes = definition.ScrollbackBytes,
            ScrollbackMemory = new SessionMemory(journal.Blocks),
        };
        _host = new TerminalHost(this);
        _terminal = RestoreTerminal(options);
        _fed = _terminal.Offset;
        _published = _terminal.PublishOffset;
        _createdAt = services.Time.GetUtcNow();
        _since = _createdAt;
        _log = services.Logs.Open(definition.Name, _journal);
        _followed = new FollowedVariables(Path.Combine(services.ClientsFolder, journal.Epoch), services.Logger);
    }

    internal string Name => Volatile.Read(ref _definition).Name;

    internal string? Owner => Volatile.Read(ref _definition).Owner;

    internal SessionDefinition Definition => Volatile.Read(ref _definition);

    internal string Epoch => _journal.Epoch;

    internal SessionLog Log => _log;

    internal Journal Journal => _journal;

    /// <summary>The title that its programs set, or that a person gave it; empty without. Loop's thread.</summary>
    internal string Title => _titleOverride ?? _terminal.Title;

    /// <summary>How the program ended; null while it runs or before it ran.</summary>
    internal ExitStatus? Ended => _ended;

    /// <summary>The session as lists and events show it. Any thread.</summary>
    internal SessionObject Describe()
    {
        using (Enter())
        {
            SessionDefinition definition = _definition;
            return new SessionObject
            {
                Name = definition.Name,
                Type = definition.Type,
                State = _state,
                Reason = _reason,
                Attached = _attachedCount > 0,
                Controller = _controller?.Identity.User,
                Observers = _attachedCount - (_controller is null ? 0 : 1),
                Owner = definition.Owner,
                Command = definition.Command,
                Cwd = definition.Cwd,
                Pid = _program?.Pid,
                Size = new SizeObject(_terminal.Columns, _terminal.Rows),
                Title = _titleOverride ?? (_terminal.Title.Length == 0 ? null : _terminal.Title),
                Labels = definition.Labels,
                Port = definition.Port,
                Ready = _isReady,
                Url = definition.Url,
                Since = _since,
                CreatedAt = _createdAt,
                StartedAt = _startedAt,
                ExitedAt = _exitedAt,
                ExitCode = _ended?.Code,
                ExitSignal = _ended?.Signal is { } signal ? SignalNames.NameOf(signal) : null,
                Restarts = _restarts,
                LastActivityAt = LastActivity(outputCounts: true),
                Epoch = _journal.Epoch,
                Offset = _journal.Written,
                RestoredAt = _restoredAt,
                EnvStale = _isEnvironmentStale,
                Outdated = _isOutdated,
                Source = definition.Source,
            };
        }
    }

    /// <summary>Renames, relabels, retitles; variables and secrets are the next start's. Any thread; the caller has checked that the name is free.</summary>
    internal void Apply(PatchSession patch)
    {
        using (Enter())
        {
            var labels = new Dictionary<string, string>(_definition.Labels);
            foreach ((string key, string? value) in patch.Labels ?? new Dictionary<string, string?>())
            {
                if (value is null) labels.Remove(key);
                else labels[key] = value;
            }

            _definition = _definition with { Name = patch.Name ?? _definition.Name, Labels = labels };
            if (patch.Title is not null) _titleOverride = patch.Title;
            PatchEnvironment(patch);
        }

        Keep();

        if (patch.Name is not null) _log.Rename(patch.Name);
        Changed();
    }

    /// <summary>Takes another definition for its next start; at once when nothing runs. Any thread.</summary>
    internal void Redefine(SessionDefinition definition, bool isOutdated, bool isEnvironmentStale)
    {
        using (Enter())
        {
            _nextDefinition = definition with { Name = _definition.Name };
            _isOutdated |= isOutdated;
            _isEnvironmentStale |= isEnvironmentStale && (_program is not null || _launch is not null);
            if (_program is null && _launch is null) TakeNextDefinition();
        }

        Changed();
    }

    /// <summary>The spec names it no more: it stays, as a session of the API. Any thread.</summary>
    internal void Disown()
    {
        using (Enter())
        {
            _definition = _definition with { Source = SessionDefinition.FromTheApi };
            _nextDefinition = null;
            _isOutdated = false;
        }

        Changed();
    }

    /// <summary>Draws what is on the screen, under the gate. Any thread.</summary>
    internal void Render(Action<Terminal> render) => WithTerminal(render);

    /// <summary>Under the gate.</summary>
    private void TakeNextDefinition()
    {
        if (_nextDefinition is not { } next) return;
        _definition = next;
        _nextDefinition = null;
        _isOutdated = false;
        _isEnvironmentStale = false;
    }

    /// <summary>Tells the event stream that something in <see cref="Describe()"/> changed.</summary>
    private void Changed()
    {
        bool isNews;
        using (Enter())
        {
            isNews = _toldState != _state || _toldReady != _isReady;
            (_toldState, _toldReady) = (_state, _isReady);
        }

        if (isNews) _services.Support.Readiness.Changes.Pulse();
        _services.Events.Publish(EventNames.SessionChanged, this);
    }
}
