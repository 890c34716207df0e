namespace Sessiond.Cli.Attach;

/// <summary>
/// Keeps the session's output from erasing the scrollback of the terminal that shows it, and notes colours that the
/// session changed there, so that they can be given back.
/// </summary>
/// <remarks>
/// The server's messages end where its parser is at rest, so a sequence is whole unless a message was larger than the
/// buffer: <see cref="HeldTail"/> is for that case. One thread only.
/// </remarks>
internal sealed class OutputFilter(Stream output)
{
    private const byte Escape = 0x1b;

    // ESC c (RIS) clears the scrollback in xterm and VTE; the rest of what it does is done by this.
    private static readonly byte[] ResetWithoutErasing = [.. OuterTerminal.SoftReset, .. "\e[H\e[2J"u8];

    /// <summary>True once the session has changed the palette or a dynamic colour (OSC 4, 5, 10 to 19).</summary>
    public bool ColorsChanged { get; private set; }

    /// <summary>How many bytes at the end of a part of a message may be the start of a sequence that is filtered.</summary>
    public static int HeldTail(ReadOnlySpan<byte> part)
    {
        const int LongestPrefix = 4;
        ReadOnlySpan<byte> tail = part[Math.Max(0, part.Length - LongestPrefix)..];
        int start = tail.LastIndexOf(Escape);
        if (start < 0) return 0;
        tail = tail[start..];
        return "\e[3J"u8.StartsWith(tail) || "\e[?3J"u8.StartsWith(tail) ? tail.Length : 0;
    }

    /// <summary>Writes <paramref name="bytes"/>, in one write(2) when there is nothing to filter.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        int at = 0;
        while (at < bytes.Length)
        {
            int found = bytes[at..].IndexOf(Escape);
            if (found < 0) break;
            at += found;
            ReadOnlySpan<byte> sequence = bytes[at..];
            if (sequence.Length > 1 && sequence[1] == (byte)']') ColorsChanged |= SetsColor(sequence[2..]);
            int length = ErasingLength(sequence);
            if (length == 0)
            {
                at++;
                continue;
            }

            if (at > start) output.Write(bytes[start..at]);
            if (sequence[1] == (byte)'c') output.Write(ResetWithoutErasing);
            at += length;
            start = at;
        }

        if (start < bytes.Length) output.Write(bytes[start..]);
    }

    // CSI 3 J and CSI ? 3 J (xterm ctlseqs: erase saved lines), ESC c.
    private static int ErasingLength(ReadOnlySpan<byte> sequence)
    {
        if (sequence.StartsWith("\e[3J"u8)) return 4;
        if (sequence.StartsWith("\e[?3J"u8)) return 5;
        return sequence.StartsWith("\ec"u8) ? 2 : 0;
    }

    // OSC 4 and 5 ; … : palette and special colours. OSC 10 to 19 ; … : foreground, background, cursor and the rest.
    private static bool SetsColor(ReadOnlySpan<byte> osc) =>
        osc.StartsWith("4;"u8) || osc.StartsWith("5;"u8)
        || (osc.Length > 2 && osc[0] == (byte)'1' && osc[1] is >= (byte)'0' and <= (byte)'9' && osc[2] == (byte)';');
}
