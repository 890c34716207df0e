namespace Sessiond.Daemon.Attach;

/// <summary>
/// Drops from a client's input what its terminal answered by itself (docs/protocol.md): the engine has answered already, and a second answer would be read as
/// typing. Known: DA and DECRPM, DCS, OSC colour replies, and CPR but for what a modified F3 sends. A paste is never touched.
/// </summary>
/// <remarks>
/// reply = ESC [ prefix? digits and ";" intermediate? final (c, $ y, R) | ESC P … ST | ESC ] (4|10|11|12) … (BEL|ST). An ESC that nothing follows within one
/// message is a key and passes at once; a sequence that is cut by a message's end is held until it is decided, at most <see cref="MaxHeld"/> bytes.
/// </remarks>
internal sealed class ReplyFilter
{
    /// <summary>Bytes that may be held while undecided: the longest answer known is an XTGETTCAP of some hundred bytes.</summary>
    private const int MaxHeld = 4096;

    /// <summary>Milliseconds without input after which a paste whose end was lost is over: a terminal sends a paste at once.</summary>
    private const int PasteTime = 5000;

    private readonly List<byte> _held = [];
    private bool _inPaste;
    private long _lastInput;

    /// <summary>True when nothing is held, so that plain typing needs no copy; the piece counts as taken then.</summary>
    /// <param name="input">The piece.</param>
    /// <param name="now">Milliseconds of a clock that only goes forward.</param>
    internal bool PassesAsIs(ReadOnlySpan<byte> input, long now)
    {
        if (_held.Count > 0 || input.Contains((byte)0x1B)) return false;
        Note(now);
        return true;
    }

    /// <summary>Nothing was read for a while, which was not the client's doing: the time does not count.</summary>
    internal void Resume(long now) => _lastInput = now;

    /// <summary>True while something is held that is not decided yet.</summary>
    internal bool IsHolding => _held.Count > 0;

    /// <summary>Gives up what is held: nothing came that made an answer of it.</summary>
    internal byte[] Release()
    {
        byte[] held = [.. _held];
        _held.Clear();
        return held;
    }

    /// <summary>Takes a piece of input and returns what the program is to get.</summary>
    /// <param name="input">The piece.</param>
    /// <param name="now">Milliseconds of a clock that only goes forward.</param>
    internal byte[] Filter(ReadOnlySpan<byte> input, long now)
    {
        Note(now);
        _held.AddRange(input);
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);
        var passed = new List<byte>(bytes.Length);
        int at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] != 0x1B)
            {
                passed.Add(bytes[at++]);
                continue;
            }

            (int length, bool isReply) = Sequence(bytes[at..]);
            if (length == 0 && bytes.Length - at < MaxHeld && bytes.Length - at > 1) break;
            if (length == 0) length = 1;
            if (!isReply || _inPaste) passed.AddRange(bytes.Slice(at, length));
            at += length;
        }

        byte[] result = [.. passed];
        _held.RemoveRange(0, at);
        return result;
    }

    private void Note(long now)
    {
        if (now - _lastInput > PasteTime) _inPaste = false;
        _lastInput = now;
    }

    /// <summary>Length of the sequence at the beginning, 0 when it is not complete, and whether it is an answer.</summary>
    private (int Length, bool IsReply) Sequence(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return (0, false);
        return bytes[1] switch
        {
            (byte)'[' => ControlSequence(bytes),
            (byte)'P' => StringSequence(bytes, isReply: true),
            (byte)']' => StringSequence(bytes, isReply: IsColourReply(bytes[2..])),
            _ => (1, false),
        };
    }

    private (int Length, bool IsReply) ControlSequence(ReadOnlySpan<byte> bytes)
    {
        int end = 2;
        // ECMA-48 5.4: parameter bytes, intermediate bytes, final byte.
        while (end < bytes.Length && bytes[end] is >= 0x20 and < 0x40) end++;
        if (end == bytes.Length) return (0, false);
        ReadOnlySpan<byte> body = bytes[2..end];
        if (bytes[end] == (byte)'~' && body.SequenceEqual("200"u8)) _inPaste = true;
        if (bytes[end] == (byte)'~' && body.SequenceEqual("201"u8)) _inPaste = false;
        bool isReply = bytes[end] switch
        {
            (byte)'c' => body is [(byte)'?' or (byte)'>' or (byte)'=', ..],
            (byte)'y' => body is [.., (byte)'$'],
            (byte)'R' => IsPositionReport(body),
            // The engine reports a change of colour scheme itself (mode 2031).
            (byte)'n' => body.StartsWith("?997;"u8),
            _ => false,
        };
        return (end + 1, isReply);
    }

    /// <summary>CPR is <c>CSI row ; column R</c>; a modified F3 is <c>CSI 1 ; 2 R</c> to <c>CSI 1 ; 16 R</c> (xterm ctlseqs, PC-Style Function Keys).</summary>
    private static bool IsPositionReport(ReadOnlySpan<byte> body)
    {
        if (body is [(byte)'?', ..]) return true;
        int separator = body.IndexOf((byte)';');
        if (separator < 0) return false;
        bool isModifiedKey = body[..separator].SequenceEqual("1"u8)
            && System.Buffers.Text.Utf8Parser.TryParse(body[(separator + 1)..], out int modifier, out int used)
            && used == body.Length - separator - 1
            && modifier is >= 2 and <= 16;
        return !isModifiedKey;
    }

    private static bool IsColourReply(ReadOnlySpan<byte> text) =>
        text.StartsWith("4;"u8) || text.StartsWith("10;"u8) || text.StartsWith("11;"u8) || text.StartsWith("12;"u8);

    private static (int Length, bool IsReply) StringSequence(ReadOnlySpan<byte> bytes, bool isReply)
    {
        for (int i = 2; i < bytes.Length; i++)
        {
            if (bytes[i] == 0x07 && bytes[1] == (byte)']') return (i + 1, isReply);
            if (bytes[i] == 0x1B) return i + 1 == bytes.Length ? (0, false) : bytes[i + 1] == (byte)'\\' ? (i + 2, isReply) : (1, false);
        }

        return (0, false);
    }
}
