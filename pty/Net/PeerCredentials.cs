namespace Sessiond.Pty;

/// <summary>Who is at the other end of a Unix socket, SO_PEERCRED of unix(7).</summary>
/// <param name="Pid">Pid of the process that connected.</param>
/// <param name="Uid">Its effective uid.</param>
/// <param name="Gid">Its effective gid.</param>
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
