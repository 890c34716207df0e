namespace Sessiond.Vt;

/// <summary>
/// Palette (OSC 4, 256 colours), special colours (OSC 5) and dynamic colours (OSC 10-19) as far as the program changed
/// them, and xterm's stack of them. Values are 0xRRGGBB.
/// </summary>
internal sealed class ColorTable
{
    /// <summary>Index of special colour 0 (bold); OSC 4 counts them from here too.</summary>
    public const int Special = 256;

    /// <summary>Index of OSC 10.</summary>
    public const int Foreground = 264;

    /// <summary>Index of OSC 11.</summary>
    public const int Background = 265;

    /// <summary>Index of OSC 12.</summary>
    public const int Cursor = 266;

    /// <summary>Number of all indices: OSC 19 is the last.</summary>
    public const int Count = Foreground + 10;

    /// <summary>As in xterm.</summary>
    public const int MaxStack = 10;

    private readonly List<uint?[]?> _stack = [];
    private uint?[]? _colors;

    public IReadOnlyList<uint?[]?> Stack => _stack;

    /// <summary>The colours that were changed; null when none was.</summary>
    public uint?[]? Changed => _colors;

    public uint? this[int index]
    {
        get => _colors?[index];
        set
        {
            if (value is not null || _colors is not null)
            {
                _colors ??= new uint?[Count];
                _colors[index] = value;
            }
        }
    }

    public void ResetPalette()
    {
        for (int i = 0; i < Special && _colors is not null; i++)
        {
            _colors[i] = null;
        }
    }

    /// <summary>XTPUSHCOLORS; <paramref name="slot"/> counts from 1, 0 is the next one.</summary>
    public void Push(int slot)
    {
        int index = slot == 0 ? _stack.Count : slot - 1;
        if (index >= MaxStack)
        {
            return;
        }

        while (_stack.Count <= index)
        {
            _stack.Add(null);
        }

        _stack[index] = Array.Exists(_colors ?? [], static color => color is not null) ? (uint?[])_colors!.Clone() : null;
    }

    /// <summary>XTPOPCOLORS.</summary>
    public void Pop(int slot)
    {
        int index = slot == 0 ? _stack.Count - 1 : slot - 1;
        if (index < 0 || index >= _stack.Count)
        {
            return;
        }

        _colors = (uint?[]?)_stack[index]?.Clone();
        if (slot == 0)
        {
            _stack.RemoveAt(index);
        }
    }

    public void Reset()
    {
        _colors = null;
        _stack.Clear();
    }

    /// <summary>The palette that xterm starts with: 16 colours, a cube of 6x6x6, 24 greys.</summary>
    public static uint Standard(int index)
    {
        ReadOnlySpan<uint> basic =
        [
            0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
            0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
        ];
        if (index < 16)
        {
            return basic[index];
        }

        if (index >= 232)
        {
            uint grey = (uint)(((index - 232) * 10) + 8);
            return (grey << 16) | (grey << 8) | grey;
        }

        int cube = index - 16;
        return (Level(cube / 36) << 16) | (Level(cube / 6 % 6) << 8) | Level(cube % 6);

        static uint Level(int step) => (uint)(step == 0 ? 0 : (step * 40) + 55);
    }

    /// <summary>Reads <c>#RGB</c>, <c>#RRGGBB</c>, longer forms, and <c>rgb:R/G/B</c> of 1 to 4 digits each (XParseColor).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint color)
    {
        color = 0;
        if (text.StartsWith("#"u8))
        {
            int digits = (text.Length - 1) / 3;
            if (digits is < 1 or > 4 || text.Length != 1 + (digits * 3))
            {
                return false;
            }

            for (int i = 0; i < 3; i++)
            {
                // In this form the digits given are the high ones.
                if (!TryParseHex(text.Slice(1 + (i * digits), digits), out uint part))
                {
                    return false;
                }

                color = (color << 8) | (digits == 1 ? part << 4 : part >> ((digits - 2) * 4));
            }

            return true;
        }

        if (!text.StartsWith("rgb:"u8))
        {
            return false;
        }

        text = text[4..];
        for (int i = 0; i < 3; i++)
        {
            int end = i < 2 ? text.IndexOf((byte)'/') : text.Length;
            if (end is < 1 or > 4 || !TryParseHex(text[..end], out uint part))
            {
                return false;
            }

            color = (color << 8) | (part * 255 / ((1u << (4 * end)) - 1));
            text = i < 2 ? text[(end + 1)..] : default;
        }

        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<byte> digits, out uint value)
    {
        value = 0;
        foreach (byte b in digits)
        {
            int digit = char.IsAsciiHexDigit((char)b) ? (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10) : -1;
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return !digits.IsEmpty;
    }
}
