using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>What the holder keeps under one id for whoever is the daemon: a record that it cannot read, descriptors, a program.</summary>
internal sealed class HeldItem(long id)
{
    internal long Id => id;

    internal ReadOnlyMemory<byte> Record { get; set; }

    internal IReadOnlyList<SafeFd> Fds { get; set; } = [];

    internal HeldProgram? Program { get; set; }

    /// <summary>Everything about it, as messages: for a daemon that begins, and for the holder after this one.</summary>
    internal IEnumerable<HolderMessage> Describe()
    {
        bool isStarting = Program?.Start is not null;
        yield return new HolderMessage(MessageKind.Item, id, A: isStarting ? 1 : 0) { Payload = Record, Fds = Fds };
        if (isStarting || Program is null) yield break;
        yield return DescribeProgram();
        if (Program.Ended is not null) yield return DescribeEnd();
    }

    internal HolderMessage DescribeProgram() => new(MessageKind.Spawned, id, Program!.Tag, Program.Pid) { Fds = Program.Master is { } master ? [master] : [] };

    internal HolderMessage DescribeEnd() => new(MessageKind.Exited, id, Program!.Tag, Program.Ended!.Value.Number);
}
