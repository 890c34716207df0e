namespace Sessiond.Pty;

/// <summary>Names one registration of one loop. A token of a registration that ended matches nothing, though its slot is used again.</summary>
/// <param name="Value">generation &lt;&lt; 32 | slot</param>
public readonly record struct EpollToken(ulong Value)
{
    internal int Slot => (int)(uint)Value;

    internal uint Generation => (uint)(Value >> 32);
}
