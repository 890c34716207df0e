using Sessiond.Pty;

namespace Sessiond.Cli.Attach;

/// <summary>
/// The user's own terminal while it shows a session: raw mode, what is written to it, and giving it back sane whatever the
/// session's programs left on.
/// </summary>
internal sealed class OuterTerminal
{
    // A terminal that reads takes the epilogue at once; one that does not must not keep the process from ending.
    private static readonly TimeSpan EpiloguePatience = TimeSpan.FromMilliseconds(500);

    private readonly OutputFilter _filter;
    private RawMode? _raw;

    private OuterTerminal(Stream output, bool readsTerminal, bool writesTerminal)
    {
        _filter = new OutputFilter(output);
        ReadsTerminal = readsTerminal;
        WritesTerminal = writesTerminal;
    }

    /// <summary>
    /// Everything that a program may have switched on, switched off; the cursor stays where it is. In order: end an open
    /// string or sequence; leave margins, origin mode, insert mode, reverse video; autowrap and autorepeat on; mouse,
    /// focus, paste, synchronized output, colour-scheme and resize reports off; cursor and keypad keys normal; the
    /// keyboard protocols off; cursor shown in its own shape; tab stops every eight columns; SGR, protection, hyperlink and charsets plain.
    /// </summary>
    /// <remarks>Sources: xterm ctlseqs; the kitty keyboard protocol. DECSTBM homes the cursor, so it is saved around it.</remarks>
    internal static ReadOnlySpan<byte> SoftReset =>
        "\x18\e\\"u8
        + "\e[?6l\e7\e[r\e8\e[?69l\e[4l\e[20l\e[?5l\e[?7h\e[?8h"u8
        + "\e[?9l\e[?1000l\e[?1001l\e[?1002l\e[?1003l\e[?1005l\e[?1006l\e[?1015l\e[?1016l"u8
        + "\e[?1004l\e[?2004l\e[?2026l\e[?2031l\e[?2048l"u8
        + "\e[?1l\e>\e[>4;0m\e[<99u\e[=0;1u"u8
        + "\e[?25h\e[0 q\e[?5W\e[0m\e[0\"q\e]8;;\e\\\x0f\e(B\e)B"u8;

    /// <summary>
    /// Leaves the alternate screen, resetting on both sides of it, since keyboard stacks and saved cursors are kept per screen. ?1049l
    /// restores the saved cursor even on the primary screen: saved just before, it stays there. Then the last row.
    /// </summary>
    private static ReadOnlySpan<byte> LeaveScreens => "\e7\e[?1049l"u8;

    private static ReadOnlySpan<byte> LastRow => "\e[999;1H\r\n"u8;

    private static ReadOnlySpan<byte> ResetColors => "\e]104\e\\\e]105\e\\\e]110\e\\\e]111\e\\\e]112\e\\\e]117\e\\\e]119\e\\"u8;

    // XTWINOPS 22 and 23: the icon and window titles are kept on the terminal's own stack.
    private static ReadOnlySpan<byte> PushTitle => "\e[22;0t"u8;

    private static ReadOnlySpan<byte> PopTitle => "\e[23;0t"u8;

    /// <summary>True when the keys come from a terminal.</summary>
    public bool ReadsTerminal { get; }

    /// <summary>True when the output goes to a terminal.</summary>
    public bool WritesTerminal { get; }

    /// <summary>The terminal's size; null when the output is no terminal.</summary>
    public TtySize? Size => WritesTerminal ? StandardIo.ReadSize(StandardFd.Output) : null;

    /// <summary>The terminal on the standard fds.</summary>
    public static OuterTerminal Standard() => new(
        new Output.FdStream(StandardFd.Output),
        StandardIo.IsTerminal(StandardFd.Input),
        StandardIo.IsTerminal(StandardFd.Output));

    /// <summary>No terminal at all: output goes to <paramref name="output"/>.</summary>
    public static OuterTerminal Without(Stream output) => new(output, readsTerminal: false, writesTerminal: false);

    /// <summary>Takes the terminal for a session.</summary>
    /// <exception cref="IOException">It is gone.</exception>
    public void Enter()
    {
        if (ReadsTerminal) _raw = RawMode.TryEnter(StandardFd.Input);
        if (WritesTerminal) StandardIo.Write(StandardFd.Output, PushTitle);
    }

    /// <summary>Shows what the session printed. One thread at a time.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes) => _filter.Write(bytes);

    /// <summary>Shows one line over the last row until the next snapshot paints it over.</summary>
    public void ShowNotice(string text)
    {
        if (!WritesTerminal) return;
        byte[] line = [.. "\e7\e[999;1H\e[0;7m"u8, .. System.Text.Encoding.UTF8.GetBytes(text), .. "\e[0m\e[K\e8"u8];
        _ = StandardIo.TryWrite(StandardFd.Output, line, EpiloguePatience);
    }

    /// <summary>Gives the terminal back. Nothing may be written to it afterwards.</summary>
    /// <param name="quietly">True when its output is stuck: then only its attributes are restored.</param>
    public void Leave(bool quietly)
    {
        if (WritesTerminal && !quietly)
        {
            byte[] epilogue =
            [
                .. SoftReset, .. LeaveScreens, .. SoftReset,
                .. _filter.ColorsChanged ? ResetColors : default,
                .. PopTitle, .. LastRow,
            ];
            _ = StandardIo.TryWrite(StandardFd.Output, epilogue, EpiloguePatience);
        }

        _raw?.Restore();
    }

    /// <summary>Restores the terminal's attributes before the process is stopped (SIGTSTP).</summary>
    public void Suspend()
    {
        if (WritesTerminal) _ = StandardIo.TryWrite(StandardFd.Output, [.. SoftReset, .. LeaveScreens, .. SoftReset, .. LastRow], EpiloguePatience);
        _raw?.Restore();
    }

    /// <summary>Takes the terminal again after the process was stopped.</summary>
    public void Resume() => _raw?.Enter();
}
