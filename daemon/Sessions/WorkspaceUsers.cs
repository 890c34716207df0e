using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// The users whom a workspace may name. For processes of all others only the image and the platform speak: a variable like <c>LD_PRELOAD</c>, a shell or a folder in a repository
/// would else be that repository's command under their rights.
/// </summary>
internal sealed class WorkspaceUsers
{
    private readonly HashSet<uint> _uids = [];

    /// <summary>Looks them up.</summary>
    /// <param name="image">What the image and the platform say.</param>
    internal WorkspaceUsers(DevboxSpec image)
    {
        foreach (string name in image.Daemon.RunAs)
        {
            if (UserDatabase.Find(name) is { } user) _uids.Add(user.Uid);
        }

        if (image.Defaults.User is not { } byDefault) _uids.Add(UserDatabase.CurrentUid);
        else if (UserDatabase.Find(byDefault) is { } user) _uids.Add(user.Uid);
    }

    /// <summary>True when the workspace has a say in this user's processes.</summary>
    internal bool Has(UserIdentity user) => _uids.Contains(user.Uid);
}
