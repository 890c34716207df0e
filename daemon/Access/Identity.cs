namespace Sessiond.Daemon.Access;

/// <summary>Who asks.</summary>
/// <param name="User">User name, for ownership and for telling others.</param>
/// <param name="Scope">What they may do.</param>
/// <param name="Credential">The token; null on the Unix socket, where the kernel vouches.</param>
internal sealed record Identity(string User, Scope Scope, Credential? Credential = null)
{
    internal bool MayControl => Scope >= Scope.Control;

    internal bool MayManage => Scope >= Scope.Manage;

    internal bool IsAdmin => Scope == Scope.Admin;

    /// <summary>A session belongs to everyone admitted, or to the one who made it.</summary>
    internal bool MaySee(string? owner) => owner is null || IsAdmin || owner == User;
}
