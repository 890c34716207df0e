namespace Sessiond.Pty;

/// <summary>What happened to a file, and how a folder is watched: the mask of inotify(7).</summary>
[Flags]
public enum InotifyEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>IN_MODIFY: written to, or cut.</summary>
    Modified = 0x002,

    /// <summary>IN_ATTRIB: permissions, times, links.</summary>
    Attributes = 0x004,

    /// <summary>IN_CLOSE_WRITE: closed by someone who could write.</summary>
    Written = 0x008,

    /// <summary>IN_MOVED_FROM.</summary>
    MovedAway = 0x040,

    /// <summary>IN_MOVED_TO.</summary>
    MovedHere = 0x080,

    /// <summary>IN_CREATE.</summary>
    Created = 0x100,

    /// <summary>IN_DELETE.</summary>
    Deleted = 0x200,

    /// <summary>IN_DELETE_SELF: the watched folder itself.</summary>
    DeletedSelf = 0x400,

    /// <summary>IN_MOVE_SELF: the watched folder itself.</summary>
    MovedSelf = 0x800,

    /// <summary>IN_Q_OVERFLOW: events were lost.</summary>
    Overflow = 0x4000,

    /// <summary>IN_IGNORED: this watch is gone.</summary>
    Ignored = 0x8000,

    /// <summary>IN_ONLYDIR.</summary>
    OnlyFolders = 0x01000000,

    /// <summary>IN_DONT_FOLLOW.</summary>
    NoLinks = 0x02000000,

    /// <summary>IN_EXCL_UNLINK: not of files that were deleted but are still open.</summary>
    NotUnlinked = 0x04000000,

    /// <summary>IN_ISDIR: it is about a folder.</summary>
    IsFolder = 0x40000000,
}
