namespace Sessiond.Pty;

/// <summary>A user as the kernel and a login see one, passwd(5).</summary>
/// <param name="Name">Login name.</param>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Primary group.</param>
/// <param name="Groups">All groups, the primary one included.</param>
/// <param name="Home">Home folder.</param>
/// <param name="Shell">Login shell.</param>
public sealed record UserIdentity(string Name, uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home, string Shell)
{
    /// <summary>True when this is the user we run as.</summary>
    public bool IsCurrent => Uid == Libc.GetEffectiveUid();
}
