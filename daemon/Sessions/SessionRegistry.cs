using Sessiond.Daemon.Events;
using Sessiond.Holder;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>All sessions by name.</summary>
internal sealed class SessionRegistry
{
    private readonly Lock _gate = new(); // guards _sessions
    private readonly SortedDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly int _max;

    internal SessionRegistry(int max) => _max = max;

    internal int Count
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    internal IReadOnlyList<Session> All()
    {
        lock (_gate) return [.. _sessions.Values];
    }

    internal Session? Find(string name)
    {
        lock (_gate) return _sessions.GetValueOrDefault(name);
    }

    /// <summary>Makes a session, not yet started; null when the name is taken.</summary>
    /// <exception cref="SessionLimitException">There are as many as the spec allows.</exception>
    /// <param name="definition">What it is.</param>
    /// <param name="services">What it needs.</param>
    /// <param name="specName">Its name in the spec; null: it is not from there.</param>
    internal Session? TryAdd(SessionDefinition definition, SessionServices services, string? specName = null)
    {
        Session session;
        lock (_gate)
        {
            if (_sessions.ContainsKey(definition.Name)) return null;
            if (_sessions.Count >= _max) throw new SessionLimitException(_max);
            var size = new TerminalSize(definition.Columns, definition.Rows);
            session = new Session(definition, services, services.Holder.NewItem(), Journal.Create(NewEpoch()), size, specName);
            _sessions.Add(definition.Name, session);
        }

        services.Events.Publish(EventNames.SessionCreated, session);
        return session;
    }

    /// <summary>Lists a session that another daemon ran.</summary>
    internal void Adopt(Session session)
    {
        lock (_gate) _sessions[session.Name] = session;
    }

    internal string NewName()
    {
        lock (_gate) return RandomName.Make(_sessions.ContainsKey);
    }

    /// <summary>Gives a session another name; false when that is taken.</summary>
    internal bool TryPatch(Session session, PatchSession patch, SessionServices services)
    {
        lock (_gate)
        {
            string before = session.Name;
            if (patch.Name is { } name && name != before)
            {
                if (!_sessions.TryAdd(name, session)) return false;
                _sessions.Remove(before);
                services.Support.OnRenamed(session, before, name);
            }

            session.Apply(patch);
            return true;
        }
    }

    /// <summary>Ends a session's processes and forgets it.</summary>
    internal async Task<TerminationReport> TerminateAsync(Session session, SessionServices services, TimeSpan? grace, CancellationToken hurry)
    {
        TerminationReport report = await session.StopAsync(grace, hurry, isForGood: true);
        Remove(session, services);
        return report;
    }

    /// <summary>Forgets a session whose program has ended.</summary>
    internal void Remove(Session session, SessionServices services)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session.Name, out Session? present) || present != session) return;
            _sessions.Remove(session.Name);
        }

        services.Support.OnForgotten(session.Name);
        services.Events.Publish(EventNames.SessionRemoved, session);
        session.Release();
    }

    /// <summary>Twelve random hexadecimal digits: two containers do not meet the same one. (A Guid comes from the kernel, without loading a TLS library.)</summary>
    private static string NewEpoch() => Guid.NewGuid().ToString("N")[20..];
}
