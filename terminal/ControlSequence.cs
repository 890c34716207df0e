namespace Sessiond.Vt;

/// <summary>An ESC, CSI or DCS sequence's parts, collected by the parser and read by the handler.</summary>
internal sealed class ControlSequence
{
    /// <summary>Parameters kept; further ones are ignored. xterm keeps 30, the longest real SGR has about 20.</summary>
    public const int MaxParameters = 32;

    /// <summary>Largest value of a parameter; larger ones are cut to it. As in xterm.</summary>
    public const int MaxValue = 65535;

    private readonly int[] _values = new int[MaxParameters];
    private uint _subParameters;
    private bool _overflow;

    /// <summary>One of &lt; = &gt; ? or 0.</summary>
    public byte Prefix { get; private set; }

    /// <summary>0, one intermediate byte, or two in reading order, the first in the high byte.</summary>
    public int Intermediates { get; private set; }

    public byte Final { get; set; }

    /// <summary>Number of parameters, sub-parameters included; an empty one counts when it is not the only one.</summary>
    public int Count { get; private set; }

    /// <summary>Prefix, intermediates and final byte in one number to switch on.</summary>
    public int Key => KeyOf(Prefix, Intermediates, Final);

    public int this[int index] => index < Count ? _values[index] : 0;

    public static int KeyOf(int prefix, int intermediates, int final) => (prefix << 24) | (intermediates << 8) | final;

    /// <summary>The parameter, or <paramref name="byDefault"/> when it is missing or 0.</summary>
    public int Get(int index, int byDefault)
    {
        int value = this[index];
        return value == 0 ? byDefault : value;
    }

    /// <summary>The parameter follows a colon: it belongs to the one before it.</summary>
    public bool IsSubParameter(int index) => index < Count && (_subParameters & (1u << index)) != 0;

    public void Clear()
    {
        Prefix = 0;
        Intermediates = 0;
        Count = 0;
        _subParameters = 0;
        _overflow = false;
    }

    public void SetPrefix(byte value) => Prefix = value;

    /// <summary>More than two intermediates make a sequence that nobody knows.</summary>
    public void AddIntermediate(byte value) => Intermediates = Intermediates > 0xFF ? 0xFFFF : (Intermediates << 8) | value;

    /// <summary>Reads digits, colons and semicolons from <paramref name="i"/>; returns the position after them.</summary>
    public int AddParameters(ReadOnlySpan<byte> bytes, int i)
    {
        int count = 0;
        int value = 0;
        int[] values = _values;
        for (; i < bytes.Length; i++)
        {
            int digit = bytes[i] - '0';
            if ((uint)digit <= 9)
            {
                value = Math.Min((value * 10) + digit, MaxValue);
                count = Math.Max(count, 1);
                continue;
            }

            if ((uint)digit > ';' - '0')
            {
                break;
            }

            if (count >= MaxParameters)
            {
                // The last one that is kept ends here; the rest is skipped.
                i = SkipParameters(bytes, i);
                break;
            }

            count = Math.Max(count, 1);
            values[count - 1] = value;
            value = 0;
            _subParameters |= digit == ':' - '0' ? 1u << count : 0;
            count++;
        }

        if (count > 0)
        {
            values[count - 1] = value;
        }

        Count = count;
        return i;
    }

    private static int SkipParameters(ReadOnlySpan<byte> bytes, int i)
    {
        while (i < bytes.Length && bytes[i] is >= (byte)'0' and <= (byte)';')
        {
            i++;
        }

        return i;
    }

    /// <summary>A digit, colon or semicolon.</summary>
    public void AddParameterByte(byte value)
    {
        if (Count == 0)
        {
            Count = 1;
            _values[0] = 0;
        }

        if (value <= '9')
        {
            if (!_overflow)
            {
                ref int last = ref _values[Count - 1];
                last = Math.Min((last * 10) + value - '0', MaxValue);
            }

            return;
        }

        if (Count == MaxParameters)
        {
            _overflow = true;
            return;
        }

        if (value == ':')
        {
            _subParameters |= 1u << Count;
        }

        _values[Count++] = 0;
    }

    public void WriteCheckpoint(ByteWriter writer)
    {
        writer.Add(Prefix);
        writer.AddVarint((uint)Intermediates);
        writer.Add(Final);
        writer.AddVarint(_subParameters);
        writer.Add(_overflow ? (byte)1 : (byte)0);
        writer.AddVarint((uint)Count);
        foreach (int value in _values.AsSpan(0, Count))
        {
            writer.AddVarint((uint)value);
        }
    }

    public void Restore(ref CheckpointReader reader)
    {
        Clear();
        Prefix = reader.ReadByte();
        Intermediates = reader.ReadInt32();
        Final = reader.ReadByte();
        _subParameters = reader.ReadVarint();
        _overflow = reader.ReadBool();
        Count = Math.Min(reader.ReadInt32(), MaxParameters);
        foreach (ref int value in _values.AsSpan(0, Count))
        {
            value = reader.ReadInt32();
        }
    }
}
