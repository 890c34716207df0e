using System.Globalization;
using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>Users and groups as the C library knows them (files, LDAP, whatever nsswitch says).</summary>
public static unsafe class UserDatabase
{
    /// <summary>Bytes for the strings of one entry; the library says ERANGE when a line is longer, and such a user is not found.</summary>
    private const int BufferSize = 64 * 1024;

    /// <summary>More groups than Linux allows a process, NGROUPS_MAX of setgroups(2).</summary>
    private const int MaxGroups = 65536;

    /// <summary>True when this process is root.</summary>
    public static bool IsRoot => Libc.GetEffectiveUid() == 0;

    /// <summary>The effective uid.</summary>
    public static uint CurrentUid => Libc.GetEffectiveUid();

    /// <summary>The user we run as; made up of the bare uid when the database does not know it.</summary>
    public static UserIdentity Current()
    {
        uint uid = Libc.GetEffectiveUid();
        return Find(uid) ?? new UserIdentity(uid.ToString(CultureInfo.InvariantCulture), uid, Libc.GetGid(), [Libc.GetGid()], "/", "/bin/sh");
    }

    /// <summary>The user we run as by number alone, without asking the database.</summary>
    internal static UserIdentity Self() => new("", Libc.GetEffectiveUid(), Libc.GetGid(), [], "", "");

    /// <summary>Finds a user by name or by number; null when there is none.</summary>
    public static UserIdentity? Find(string nameOrUid) =>
        uint.TryParse(nameOrUid, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid) ? Find(uid) : FindByName(nameOrUid);

    /// <summary>Finds a user by uid; null when there is none.</summary>
    public static UserIdentity? Find(uint uid)
    {
        byte[] buffer = new byte[BufferSize];
        Libc.Passwd entry;
        Libc.Passwd* result;
        fixed (byte* start = buffer)
        {
            int error = Libc.GetPasswordByUid(uid, &entry, start, BufferSize, &result);
            return error == 0 && result is not null ? Read(result) : null;
        }
    }

    /// <summary>The number of a group by name or number; null when there is none.</summary>
    public static uint? FindGroup(string nameOrGid)
    {
        if (uint.TryParse(nameOrGid, NumberStyles.None, CultureInfo.InvariantCulture, out uint gid)) return gid;
        byte[] buffer = new byte[BufferSize];
        Libc.Group entry;
        Libc.Group* result;
        fixed (byte* start = buffer)
        {
            int error = Libc.GetGroupByName(nameOrGid, &entry, start, BufferSize, &result);
            return error == 0 && result is not null ? result->Gid : null;
        }
    }

    private static UserIdentity? FindByName(string name)
    {
        byte[] buffer = new byte[BufferSize];
        Libc.Passwd entry;
        Libc.Passwd* result;
        fixed (byte* start = buffer)
        {
            int error = Libc.GetPasswordByName(name, &entry, start, BufferSize, &result);
            return error == 0 && result is not null ? Read(result) : null;
        }
    }

    private static UserIdentity Read(Libc.Passwd* entry)
    {
        string shell = Marshal.PtrToStringUTF8((nint)entry->Shell) ?? "";
        return new UserIdentity(
            Marshal.PtrToStringUTF8((nint)entry->Name) ?? "",
            entry->Uid,
            entry->Gid,
            GroupsOf(entry->Name, entry->Gid),
            Marshal.PtrToStringUTF8((nint)entry->Home) ?? "/",
            shell.Length == 0 ? "/bin/sh" : shell);
    }

    private static uint[] GroupsOf(byte* name, uint primary)
    {
        int count = 64;
        while (true)
        {
            uint[] groups = new uint[count];
            int found = count;
            fixed (uint* start = groups)
            {
                if (Libc.GetGroupList(name, primary, start, &found) >= 0) return groups[..found];
            }

            if (count >= MaxGroups) return [primary];
            count = Math.Max(found, count * 2);
        }
    }
}
