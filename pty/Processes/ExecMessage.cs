using System.Text;

namespace Sessiond.Pty;

/// <summary>A spawn request as bytes in a memfd, from <see cref="Spawner"/> to <see cref="ExecTrampoline"/>; both are the same binary.</summary>
internal static class ExecMessage
{
    /// <summary>Begins every message, so that whatever else is open as the descriptor is refused unread.</summary>
    private const ulong Magic = 0x31636578_64737373;

    /// <summary>Bytes of a message: more than execve(2) takes of arguments and environment.</summary>
    private const int MaxLength = 8 << 20;

    internal static SafeFd Write(SpawnRequest request)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            UserIdentity user = request.User!;
            writer.Write(user.Uid);
            writer.Write(user.Gid);
            writer.Write(user.Groups.Count);
            foreach (uint group in user.Groups) writer.Write(group);
            writer.Write(request.WorkingFolder);
            writer.Write(request.Argv0 ?? "");
            writer.Write(request.Argv.Count);
            foreach (string argument in request.Argv) writer.Write(argument);
            writer.Write(request.Environment.Count);
            foreach ((string key, string value) in request.Environment)
            {
                writer.Write(key);
                writer.Write(value);
            }
        }

        return Store(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    internal static SpawnRequest Read(SafeFd message)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[4096];
        int count;
        while ((count = NonBlocking.Read(message, buffer)) > 0)
        {
            if (bytes.Length == 0 && (count < sizeof(ulong) || BitConverter.ToUInt64(buffer) != Magic)) break;
            if (bytes.Length > MaxLength) break;
            bytes.Write(buffer, 0, count);
        }

        if (count > 0 || bytes.Length == 0) throw new IOException("descriptor 3 holds no request: this verb is for sessiond itself");
        bytes.Position = sizeof(ulong);
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        uint uid = reader.ReadUInt32();
        uint gid = reader.ReadUInt32();
        uint[] groups = new uint[reader.ReadInt32()];
        for (int i = 0; i < groups.Length; i++) groups[i] = reader.ReadUInt32();
        string folder = reader.ReadString();
        string argv0 = reader.ReadString();
        string[] argv = new string[reader.ReadInt32()];
        for (int i = 0; i < argv.Length; i++) argv[i] = reader.ReadString();
        int variables = reader.ReadInt32();
        var environment = new Dictionary<string, string>(variables);
        for (int i = 0; i < variables; i++) environment[reader.ReadString()] = reader.ReadString();
        return new SpawnRequest
        {
            Argv = argv,
            Argv0 = argv0.Length == 0 ? null : argv0,
            Environment = environment,
            WorkingFolder = folder,
            User = new UserIdentity("", uid, gid, groups, "", ""),
        };
    }

    private static unsafe SafeFd Store(ReadOnlySpan<byte> bytes)
    {
        var fd = new SafeFd(OsException.Check(Libc.MemfdCreate("sessiond-exec", Libc.MFD_CLOEXEC), "memfd_create"));
        while (!bytes.IsEmpty)
        {
            int count = NonBlocking.Write(fd, bytes);
            if (count <= 0) OsException.Throw("write to a memfd");
            bytes = bytes[count..];
        }

        _ = Libc.Lseek(fd.Value, 0, 0);
        return fd;
    }
}
