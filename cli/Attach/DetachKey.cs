using Sessiond.Cli.Client;

namespace Sessiond.Cli.Attach;

/// <summary>A key pressed with ctrl, in each form in which terminals send it.</summary>
/// <param name="Legacy">The C0 byte.</param>
/// <param name="Code">The key's Unicode code point without modifiers, as the kitty protocol and modifyOtherKeys send it.</param>
internal sealed record DetachKey(byte Legacy, int Code)
{
    // The kitty protocol sends 1 + bits: shift 1, alt 2, ctrl 4, super 8, hyper 16, meta 32, caps lock 64, num lock 128.
    private const int Ctrl = 4;
    private const int Locks = 64 | 128;

    /// <summary>ctrl-\, the default.</summary>
    public static DetachKey Default { get; } = new(0x1c, '\\');

    /// <summary>Reads <c>ctrl-X</c>; <c>none</c> gives null.</summary>
    /// <exception cref="CliException">It is neither, or a key that cannot be told from others.</exception>
    public static DetachKey? Parse(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return null;
        ReadOnlySpan<char> key = text;
        foreach (string prefix in (ReadOnlySpan<string>)["ctrl-", "ctrl+", "c-", "^"])
        {
            if (!key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) continue;
            key = key[prefix.Length..];
            if (key.Length == 1 && TryMake(key[0]) is { } made) return made;
            break;
        }

        throw new CliException(ExitCode.Usage, $"--detach-keys takes ctrl- and one of a-z @ \\ ] ^ _ (but not h, i, j, m, which are keys of their own), or none; not {text}");
    }

    /// <summary>What a whole CSI sequence is to this key.</summary>
    /// <param name="parameters">Parameter bytes.</param>
    /// <param name="final">Final byte.</param>
    public KeyEvent Match(ReadOnlySpan<byte> parameters, byte final) => final switch
    {
        (byte)'u' => MatchKitty(parameters),
        (byte)'~' => MatchModifyOtherKeys(parameters),
        _ => KeyEvent.None,
    };

    private static DetachKey? TryMake(char key)
    {
        char upper = char.ToUpperInvariant(key);

        // ctrl-[ is ESC, the start of every other key; h, i, j, m are backspace, tab and enter.
        if (upper is < '@' or > '_' or '[' or 'H' or 'I' or 'J' or 'M') return null;
        return new DetachKey((byte)(upper & 0x1f), char.ToLowerInvariant(key));
    }

    // CSI code[:shifted[:base]] ; 1+modifiers[:event] [; text] u; base is the key of that place on a US keyboard.
    private KeyEvent MatchKitty(ReadOnlySpan<byte> parameters)
    {
        ReadOnlySpan<byte> codes = Field(ref parameters, (byte)';');
        ReadOnlySpan<byte> modifiers = Field(ref parameters, (byte)';');
        int code = Number(Field(ref codes, (byte)':'));
        _ = Field(ref codes, (byte)':');
        int onUsKeyboard = Number(Field(ref codes, (byte)':'));
        if (code != Code && onUsKeyboard != Code) return KeyEvent.None;
        if (!IsCtrlAlone(Number(Field(ref modifiers, (byte)':')))) return KeyEvent.None;
        return Number(Field(ref modifiers, (byte)':')) switch
        {
            2 => KeyEvent.Repeat,
            3 => KeyEvent.Release,
            _ => KeyEvent.Press,
        };
    }

    // CSI 27 ; 1+modifiers ; code ~
    private KeyEvent MatchModifyOtherKeys(ReadOnlySpan<byte> parameters)
    {
        bool matches = Number(Field(ref parameters, (byte)';')) == 27
            && IsCtrlAlone(Number(Field(ref parameters, (byte)';')))
            && Number(Field(ref parameters, (byte)';')) == Code;
        return matches ? KeyEvent.Press : KeyEvent.None;
    }

    private static bool IsCtrlAlone(int sent) => sent > 0 && ((sent - 1) & ~Locks) == Ctrl;

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest, byte separator)
    {
        int end = rest.IndexOf(separator);
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out int value, out int used) && used == digits.Length ? value : -1;
}
