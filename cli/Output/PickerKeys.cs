using System.Text;
using Sessiond.Pty;
using Spectre.Console;

namespace Sessiond.Cli.Output;

/// <summary>Keys for a prompt, read from fd 0 in raw mode. Escape, ctrl-c and ctrl-d leave it.</summary>
internal sealed class PickerKeys(CliOutput output, TtyReader reader) : IAnsiConsoleInput
{
    // An escape that is followed by nothing within this is the key of that name.
    private const int EscapeMilliseconds = 25;

    private readonly byte[] _buffer = new byte[64];
    private readonly Queue<byte> _bytes = [];

    public bool IsKeyAvailable() => _bytes.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept)
    {
        output.Out.Flush();
        int first = Next(-1);
        return first switch
        {
            -1 or 3 or 4 => throw new OperationCanceledException("left"),
            0x1b => ReadEscape(),
            '\r' or '\n' => Key(ConsoleKey.Enter, '\r'),
            ' ' => Key(ConsoleKey.Spacebar, ' '),
            0x7f or 8 => Key(ConsoleKey.Backspace, '\b'),
            'k' - 'a' + 1 or 'p' - 'a' + 1 => Key(ConsoleKey.UpArrow),
            'n' - 'a' + 1 => Key(ConsoleKey.DownArrow),
            < 0x20 => Key(ConsoleKey.NoName),
            < 0x80 => Key(KeyOf((char)first), (char)first),
            _ => Key(ConsoleKey.NoName, ReadRune(first)),
        };
    }

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));

    private static ConsoleKeyInfo Key(ConsoleKey key, char character = '\0') => new(character, key, false, false, false);

    private static ConsoleKey KeyOf(char character) => char.ToUpperInvariant(character) is var upper and (>= 'A' and <= 'Z' or >= '0' and <= '9')
        ? (ConsoleKey)upper
        : ConsoleKey.NoName;

    // CSI or SS3, parameters, a final byte.
    private ConsoleKeyInfo ReadEscape()
    {
        int introducer = Next(EscapeMilliseconds);
        if (introducer is not ('[' or 'O')) throw new OperationCanceledException("left");
        int parameter = 0;
        int final = Next(EscapeMilliseconds);
        while (final is >= 0x20 and < 0x40)
        {
            if (parameter == 0) parameter = final;
            final = Next(EscapeMilliseconds);
        }

        return Key(final switch
        {
            'A' => ConsoleKey.UpArrow,
            'B' => ConsoleKey.DownArrow,
            'H' => ConsoleKey.Home,
            'F' => ConsoleKey.End,
            '~' when parameter == '5' => ConsoleKey.PageUp,
            '~' when parameter == '6' => ConsoleKey.PageDown,
            _ => ConsoleKey.NoName,
        });
    }

    private char ReadRune(int first)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes[0] = (byte)first;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        for (int i = 1; i < length; i++) bytes[i] = (byte)Math.Max(0, Next(EscapeMilliseconds));
        return Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out _) == System.Buffers.OperationStatus.Done && rune.IsBmp ? (char)rune.Value : '\0';
    }

    private int Next(int timeoutMilliseconds)
    {
        if (_bytes.Count == 0)
        {
            if (reader.Read(_buffer, timeoutMilliseconds, out int count) != TtyInput.Data) return -1;
            foreach (byte value in _buffer.AsSpan(0, count)) _bytes.Enqueue(value);
        }

        return _bytes.Dequeue();
    }
}
