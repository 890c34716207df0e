using System.Buffers.Text;

namespace Sessiond.Vt;

/// <content>Palette and dynamic colours: OSC 4, 5, 10-19, 104, 105, 110-119; and XTMODKEYS.</content>
public sealed partial class Terminal
{
    private void ColorOsc(int number, ReadOnlySpan<byte> text, bool bell)
    {
        switch (number)
        {
            case 4:
                ChangePalette(text, first: 0, number, bell);
                break;
            case 5:
                ChangePalette(text, ColorTable.Special, number, bell);
                break;
            case >= 10 and <= 19:
                ChangeDynamic(number, text, bell);
                break;
            case 104:
                ResetPalette(text, first: 0);
                break;
            case 105:
                ResetPalette(text, ColorTable.Special);
                break;
            case >= 110 and <= 119:
                _colors[ColorTable.Foreground + number - 110] = null;
                break;
        }
    }

    /// <summary>OSC 4 ; (index ; colour-or-?)*</summary>
    private void ChangePalette(ReadOnlySpan<byte> text, int first, int number, bool bell)
    {
        bool asked = false;
        while (Utf8Parser.TryParse(text, out int index, out int consumed) && consumed < text.Length && text[consumed] == ';')
        {
            text = text[(consumed + 1)..];
            int end = text.IndexOf((byte)';');
            ReadOnlySpan<byte> value = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            int slot = first + index;
            if (index < 0 || slot >= ColorTable.Foreground)
            {
                continue;
            }

            if (value.SequenceEqual("?"u8))
            {
                asked = true;
                ReplyString(Invariant($"]{number};{index};{Describe(ColorAt(slot))}"), bell);
            }
            else if (ColorTable.TryParse(value, out uint color))
            {
                _colors[slot] = color;
            }
        }

        if (asked)
        {
            CoverQuery();
        }
    }

    /// <summary>OSC 10 ; colour-or-? ; the next ones are for 11, 12, ...</summary>
    private void ChangeDynamic(int number, ReadOnlySpan<byte> text, bool bell)
    {
        bool asked = false;
        foreach (Range range in text.Split((byte)';'))
        {
            ReadOnlySpan<byte> value = text[range];
            int slot = ColorTable.Foreground + number - 10;
            if (value.SequenceEqual("?"u8))
            {
                asked = true;
                ReplyString(Invariant($"]{number};{Describe(ColorAt(slot))}"), bell);
            }
            else if (ColorTable.TryParse(value, out uint color))
            {
                _colors[slot] = color;
            }

            if (++number > 19)
            {
                break;
            }
        }

        if (asked)
        {
            CoverQuery();
        }
    }

    private void ResetPalette(ReadOnlySpan<byte> text, int first)
    {
        if (text.IsEmpty)
        {
            for (int i = first; i < (first == 0 ? ColorTable.Special : ColorTable.Foreground); i++)
            {
                _colors[i] = null;
            }

            return;
        }

        foreach (Range range in text.Split((byte)';'))
        {
            if (Utf8Parser.TryParse(text[range], out int index, out _) && index >= 0 && first + index < ColorTable.Foreground)
            {
                _colors[first + index] = null;
            }
        }
    }

    /// <summary>The colour as the program sees it: its own, else the client's, else xterm's.</summary>
    private uint ColorAt(int slot)
    {
        if (_colors[slot] is { } changed)
        {
            return changed;
        }

        if (slot < ColorTable.Special)
        {
            return slot < _profile.Palette.Count ? (uint)_profile.Palette[slot] & 0xFFFFFF : ColorTable.Standard(slot);
        }

        return slot switch
        {
            ColorTable.Background => (uint)_profile.Background & 0xFFFFFF,
            ColorTable.Cursor => (uint)(_profile.Cursor ?? _profile.Foreground) & 0xFFFFFF,
            _ => (uint)_profile.Foreground & 0xFFFFFF,
        };
    }

    private static string Describe(uint color)
    {
        uint red = (color >> 16) & 0xFF;
        uint green = (color >> 8) & 0xFF;
        uint blue = color & 0xFF;
        return Invariant($"rgb:{red:x2}{red:x2}/{green:x2}{green:x2}/{blue:x2}{blue:x2}");
    }

    /// <summary>XTMODKEYS: CSI > resource ; value m. Without a value the resource goes back to its default.</summary>
    private void SetModifyKeys(ControlSequence s)
    {
        if (s.Count == 0)
        {
            _modifyKeys.Clear();
        }
        else if (s[0] <= MaxModifyKeysResource)
        {
            _modeOwners[ModifyKeysOwner] = _foregroundGroup;
            if (s.Count == 1 || s[1] == 0)
            {
                _modifyKeys.Remove(s[0]);
            }
            else
            {
                _modifyKeys[s[0]] = s[1];
            }
        }
    }
}
