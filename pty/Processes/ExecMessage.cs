using System.Text;

namespace Sessiond.Pty;

/// <summary>A spawn request as bytes: from daemon to holder, and in a memfd from there to <see cref="ExecTrampoline"/>; all are the same binary.</summary>
public static class ExecMessage
{
    /// <summary>Begins every message, so that whatever else is open as the descriptor is refused unread.</summary>
    private const ulong Magic = 0x33636578_64737373;

    /// <summary>Bytes of a message: more than execve(2) takes of arguments and environment.</summary>
    private const int MaxLength = 8 << 20;

    /// <summary>Stands where daemon and holder of an earlier build have the cgroup that the holder came back to; it now asks where it is.</summary>
    private const string NoHome = "";

    /// <summary>A request as a message can carry it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxPayload">Bytes that fit into the message; a longer request goes into a memfd.</param>
    /// <param name="fds">The descriptors; the first is the caller's to close where <paramref name="which"/> is odd, the others stay the request's own.</param>
    /// <param name="which">Which of four there are: that memfd, standard input, output, error.</param>
    public static byte[] Pack(SpawnRequest request, int maxPayload, out SafeFd[] fds, out int which)
    {
        byte[] bytes = Encode(request);
        SafeFd?[] all = [bytes.Length > maxPayload ? MemoryFile.Of("sessiond-exec", bytes).Fd : null, request.Input, request.Output, request.Error];
        which = 0;
        for (int i = 0; i < all.Length; i++) which |= all[i] is null ? 0 : 1 << i;
        fds = [.. all.OfType<SafeFd>()];
        return all[0] is null ? bytes : [];
    }

    /// <summary>The request of such a message.</summary>
    /// <exception cref="IOException">These bytes are no request.</exception>
    public static SpawnRequest Unpack(ReadOnlyMemory<byte> bytes, IReadOnlyList<SafeFd> fds, int which)
    {
        var rest = new Queue<SafeFd>(fds);
        SafeFd?[] given = new SafeFd?[4];
        for (int i = 0; i < given.Length; i++) given[i] = (which & 1 << i) != 0 ? rest.Dequeue() : null;
        SpawnRequest request = Decode(given[0] is { } stored ? Load(stored) : bytes.ToArray());
        return request with { Input = given[1], Output = given[2], Error = given[3] };
    }

    /// <summary>The request without its descriptors.</summary>
    public static byte[] Encode(SpawnRequest request)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write((ushort)request.Columns);
        writer.Write((ushort)request.Rows);
        writer.Write(request.TerminalGroup is not null);
        writer.Write(request.TerminalGroup ?? 0);
        writer.Write(request.CgroupFolder ?? "");
        writer.Write(NoHome);
        WriteUser(writer, request.User ?? UserDatabase.Self());
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

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The request of a message.</summary>
    /// <exception cref="IOException">These bytes are no request.</exception>
    public static SpawnRequest Decode(byte[] message)
    {
        using var bytes = new MemoryStream(message);
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        if (message.Length < sizeof(ulong) || reader.ReadUInt64() != Magic) throw new IOException("not a request to execute something");
        int columns = reader.ReadUInt16();
        int rows = reader.ReadUInt16();
        bool hasGroup = reader.ReadBoolean();
        uint group = reader.ReadUInt32();
        string cgroup = reader.ReadString();
        _ = reader.ReadString();
        UserIdentity user = ReadUser(reader);
        string folder = reader.ReadString();
        string argv0 = reader.ReadString();
        string[] argv = new string[reader.ReadInt32()];
        for (int i = 0; i < argv.Length; i++) argv[i] = reader.ReadString();
        int variables = reader.ReadInt32();
        var environment = new Dictionary<string, string>(variables);
        for (int i = 0; i < variables; i++) environment[reader.ReadString()] = reader.ReadString();
        return new SpawnRequest
        {
            Columns = columns,
            Rows = rows,
            TerminalGroup = hasGroup ? group : null,
            CgroupFolder = cgroup.Length == 0 ? null : cgroup,
            User = user,
            WorkingFolder = folder,
            Argv0 = argv0.Length == 0 ? null : argv0,
            Argv = argv,
            Environment = environment,
        };
    }

    /// <summary>Reads a message that was stored.</summary>
    /// <exception cref="IOException">The descriptor holds none.</exception>
    public static byte[] Load(SafeFd message)
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
        return bytes.ToArray();
    }

    private static void WriteUser(BinaryWriter writer, UserIdentity user)
    {
        writer.Write(user.Uid);
        writer.Write(user.Gid);
        writer.Write(user.Groups.Count);
        foreach (uint group in user.Groups) writer.Write(group);
    }

    private static UserIdentity ReadUser(BinaryReader reader)
    {
        uint uid = reader.ReadUInt32();
        uint gid = reader.ReadUInt32();
        uint[] groups = new uint[reader.ReadInt32()];
        for (int i = 0; i < groups.Length; i++) groups[i] = reader.ReadUInt32();
        return new UserIdentity("", uid, gid, groups, "", "");
    }
}
