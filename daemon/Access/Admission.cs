using Sessiond.Pty;

namespace Sessiond.Daemon.Access;

/// <summary>Who the Unix socket lets in, by SO_PEERCRED: root, the daemon's own uid, the sessions' user, and whom the spec lists.</summary>
internal sealed class Admission
{
    private readonly HashSet<uint> _users;
    private readonly HashSet<uint> _groups;
    private readonly uint _own = UserDatabase.CurrentUid;

    /// <summary>Resolves the names once.</summary>
    /// <param name="defaultUser"><c>defaults.user</c>; null: the daemon's own.</param>
    /// <param name="users"><c>[daemon].allowed_users</c>.</param>
    /// <param name="groups"><c>[daemon].allowed_groups</c>.</param>
    internal Admission(string? defaultUser, IEnumerable<string> users, IEnumerable<string> groups)
    {
        IEnumerable<string> names = defaultUser is null ? users : users.Append(defaultUser);
        _users = [.. names.Select(UserDatabase.Find).OfType<UserIdentity>().Select(user => user.Uid)];
        _groups = [.. groups.Select(UserDatabase.FindGroup).OfType<uint>()];
        AdmitsOthers = _users.Any(uid => uid != _own && uid != 0) || _groups.Count > 0;
    }

    /// <summary>True when someone else than root and the daemon's own uid is let in: the socket must be reachable for them.</summary>
    internal bool AdmitsOthers { get; }

    internal bool Admits(PeerCredentials peer)
    {
        if (peer.Uid == 0 || peer.Uid == _own || _users.Contains(peer.Uid) || _groups.Contains(peer.Gid)) return true;
        return _groups.Count > 0 && UserDatabase.Find(peer.Uid) is { } user && user.Groups.Any(_groups.Contains);
    }

    /// <summary>Root and the daemon's uid are admin, others manage under their own name.</summary>
    internal Identity IdentityOf(PeerCredentials peer)
    {
        string name = UserDatabase.Find(peer.Uid)?.Name ?? $"uid-{peer.Uid}";
        return new Identity(name, peer.Uid == 0 || peer.Uid == _own ? Scope.Admin : Scope.Manage);
    }
}
