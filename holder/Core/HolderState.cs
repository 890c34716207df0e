using System.Text;
using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>Everything that a holder hands to the program that is executed in its place: its items, its daemon, and the numbers of its descriptors.</summary>
internal sealed record HolderState
{
    /// <summary>Begins every state; the last character is its version.</summary>
    private const string Magic = "sessiond-holder-1";

    internal required IReadOnlyList<HeldItem> Items { get; init; }

    internal required SafeFd Binary { get; init; }

    internal required string BinaryPath { get; init; }

    internal required int DaemonPid { get; init; }

    internal required SafeFd DaemonSocket { get; init; }

    /// <summary>The soft limit of open files that children get.</summary>
    internal required long FileLimit { get; init; }

    /// <summary>Every descriptor that must stay open.</summary>
    internal IEnumerable<SafeFd> Fds()
    {
        yield return Binary;
        yield return DaemonSocket;
        foreach (HeldItem item in Items)
        {
            foreach (SafeFd fd in item.Fds) yield return fd;
            if (item.Program?.Master is { } master) yield return master;
        }
    }

    /// <summary>Writes it into a memfd.</summary>
    internal SafeFd Save()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(BinaryPath);
        writer.Write(OpenFiles.NumberOf(Binary));
        writer.Write(DaemonPid);
        writer.Write(OpenFiles.NumberOf(DaemonSocket));
        writer.Write(FileLimit);
        writer.Write(Items.Count);
        foreach (HeldItem item in Items) Write(writer, item);
        writer.Flush();
        return MemoryFile.Of("sessiond-holder", bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).Fd;
    }

    /// <summary>Reads what another holder saved; its descriptors are taken over.</summary>
    /// <exception cref="IOException">It is not a state of this version.</exception>
    internal static HolderState Load(SafeFd file)
    {
        using var bytes = new MemoryStream(MemoryFile.ReadAll(file));
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        if (reader.ReadString() is not Magic) throw new IOException("the holder's state has another version");
        string binaryPath = reader.ReadString();
        SafeFd binary = OpenFiles.Inherited(reader.ReadInt32());
        int pid = reader.ReadInt32();
        SafeFd socket = OpenFiles.Inherited(reader.ReadInt32());
        long limit = reader.ReadInt64();
        var items = new HeldItem[reader.ReadInt32()];
        for (int i = 0; i < items.Length; i++) items[i] = ReadItem(reader);
        file.Dispose();
        return new HolderState
        {
            Items = items,
            Binary = binary,
            BinaryPath = binaryPath,
            DaemonPid = pid,
            DaemonSocket = socket,
            FileLimit = limit,
        };
    }

    private static void Write(BinaryWriter writer, HeldItem item)
    {
        writer.Write(item.Id);
        writer.Write(item.Record.Length);
        writer.Write(item.Record.Span);
        writer.Write(item.Fds.Count);
        foreach (SafeFd fd in item.Fds) writer.Write(OpenFiles.NumberOf(fd));
        HeldProgram? program = item.Program;
        writer.Write(program is not null);
        if (program is null) return;
        writer.Write(program.Tag);
        writer.Write(program.Pid);
        writer.Write(program.Master is null ? -1 : OpenFiles.NumberOf(program.Master));
        writer.Write(program.Ended is not null);
        writer.Write(program.Ended?.Code ?? -1);
        writer.Write(program.Ended?.Signal ?? 0);
    }

    private static HeldItem ReadItem(BinaryReader reader)
    {
        var item = new HeldItem(reader.ReadInt64()) { Record = reader.ReadBytes(reader.ReadInt32()) };
        var fds = new SafeFd[reader.ReadInt32()];
        for (int i = 0; i < fds.Length; i++) fds[i] = OpenFiles.Inherited(reader.ReadInt32());
        item.Fds = fds;
        if (!reader.ReadBoolean()) return item;
        int tag = reader.ReadInt32();
        int pid = reader.ReadInt32();
        int master = reader.ReadInt32();
        item.Program = new HeldProgram(tag, pid, master < 0 ? null : OpenFiles.Inherited(master));
        bool hasEnded = reader.ReadBoolean();
        int code = reader.ReadInt32();
        int signal = reader.ReadInt32();
        if (hasEnded) item.Program.Ended = signal == 0 ? new ExitStatus(code, null) : new ExitStatus(null, signal);
        return item;
    }
}
