namespace Sessiond.Vt;

/// <summary>The kitty keyboard protocol's flags of one screen: those in force, and those that CSI &lt; u goes back to.</summary>
internal sealed class KeyboardStack
{
    /// <summary>Entries that can be pushed; the oldest is lost beyond them, as the protocol's document asks for.</summary>
    public const int MaxDepth = 16;

    private readonly int[] _flags = new int[MaxDepth];
    private readonly int[] _owners = new int[MaxDepth];

    /// <summary>Number of entries that were pushed and not popped.</summary>
    public int Depth { get; private set; }

    /// <summary>Flags in force.</summary>
    public int Flags { get; private set; }

    /// <summary>Foreground process group that set <see cref="Flags"/> last.</summary>
    public int Owner { get; private set; }

    public bool IsDefault => Depth == 0 && Flags == 0;

    /// <summary>Flags that a pop from <paramref name="depth"/> + 1 entries restores.</summary>
    public int Below(int depth) => _flags[depth];

    /// <summary>CSI = flags ; how u.</summary>
    public void Set(int flags, int how, int owner)
    {
        Flags = how switch
        {
            2 => Flags | flags,
            3 => Flags & ~flags,
            _ => flags,
        };
        Owner = owner;
    }

    /// <summary>CSI &gt; flags u.</summary>
    public void Push(int flags, int owner)
    {
        if (Depth == MaxDepth)
        {
            Array.Copy(_flags, 1, _flags, 0, MaxDepth - 1);
            Array.Copy(_owners, 1, _owners, 0, MaxDepth - 1);
            Depth--;
        }

        _flags[Depth] = Flags;
        _owners[Depth] = Owner;
        Depth++;
        (Flags, Owner) = (flags, owner);
    }

    /// <summary>CSI &lt; count u; popping more than there is leaves no flags.</summary>
    public void Pop(int count)
    {
        for (; count > 0; count--)
        {
            if (Depth == 0)
            {
                (Flags, Owner) = (0, 0);
                return;
            }

            Depth--;
            (Flags, Owner) = (_flags[Depth], _owners[Depth]);
        }
    }

    /// <summary>Number of entries at the top that were made by one of <paramref name="groups"/>.</summary>
    public int CountOwnedBy(ReadOnlySpan<int> groups)
    {
        int count = 0;
        int owner = Owner;
        int depth = Depth;
        while (depth > 0 && groups.Contains(owner))
        {
            depth--;
            count++;
            owner = _owners[depth];
        }

        return count;
    }

    /// <summary>Writes what the flags' own sequences do not tell: who set them.</summary>
    public void WriteOwners(ByteWriter writer)
    {
        writer.AddVarint((uint)Owner);
        writer.AddVarint((uint)Depth);
        for (int i = 0; i < Depth; i++)
        {
            writer.AddVarint((uint)_owners[i]);
        }
    }

    public void ReadOwners(ref CheckpointReader reader)
    {
        Owner = reader.ReadInt32();
        int depth = Math.Min(reader.ReadInt32(), MaxDepth);
        for (int i = 0; i < depth; i++)
        {
            _owners[i] = reader.ReadInt32();
        }
    }

    public void Reset()
    {
        Depth = 0;
        Flags = 0;
        Owner = 0;
    }
}
