using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Logs;
using Sessiond.Holder;
using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>What every session needs of the daemon.</summary>
internal sealed record SessionServices
{
    /// <summary>The loop of sessions that a person types in, and of the listeners.</summary>
    internal required EpollLoop Interactive { get; init; }

    /// <summary>The loops of sessions that flood.</summary>
    internal required BulkLoops Bulk { get; init; }

    /// <summary>Spawns, reaps, and keeps what outlives us.</summary>
    internal required HolderClient Holder { get; init; }

    /// <summary>Group <c>tty</c>, which pty slaves of users are given to; null where there is none.</summary>
    internal uint? TerminalGroup { get; } = UserDatabase.FindGroup("tty");

    internal required ProcessScanner Scanner { get; init; }

    internal required Cgroups Cgroups { get; init; }

    internal required SessionLogs Logs { get; init; }

    internal required EventHub Events { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required ILogger Logger { get; init; }

    internal required SessionSupport Support { get; init; }

    /// <summary>Path of the Unix socket, for SESSIOND_SOCKET.</summary>
    internal required string SocketPath { get; init; }

    /// <summary>Where sessions have a folder each of what follows their clients.</summary>
    internal string ClientsFolder => FollowedVariables.RootOf(SocketPath);

    /// <summary>Called once when a session that is not to stay listed has ended.</summary>
    internal required Action<Session> OnRemove { get; init; }
}
