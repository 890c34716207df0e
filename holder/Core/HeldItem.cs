using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>What the holder keeps under one id for whoever is the daemon: a record that it cannot read, descriptors, a program.</summary>
internal sealed class HeldItem(long id)
{
    internal long Id => id;

    internal ReadOnlyMemory<byte> Record { get; set; }

    internal IReadOnlyList<SafeFd> Fds { get; set; } = [];

    internal HeldProgram? Program { get; set; }
}
