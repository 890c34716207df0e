namespace Sessiond.Vt;

/// <summary>
/// What a terminal tells the one who feeds it. Called from inside <see cref="Terminal.Feed"/>, <see cref="Terminal.Resize"/>
/// and <see cref="Terminal.SetProfile"/>; an implementation must not call back into the terminal.
/// </summary>
public interface ITerminalHost
{
    /// <summary>Bytes for the program: the answer to a query, or a report that it asked for.</summary>
    void Reply(ReadOnlySpan<byte> bytes);

    /// <summary><see cref="Terminal.Title"/> or the icon name changed.</summary>
    void TitleChanged();

    /// <summary><see cref="Terminal.Cwd"/> changed.</summary>
    void CwdChanged();

    /// <summary>BEL.</summary>
    void Bell();

    /// <summary>The shell starts to print a prompt (OSC 133;A).</summary>
    void PromptStarted();

    /// <summary>The shell runs a command (OSC 133;C).</summary>
    void CommandStarted();

    /// <summary>A command ended (OSC 133;D), with its exit code when the shell told it.</summary>
    void CommandEnded(int? exitCode);

    /// <summary>The program sets the clipboard (OSC 52).</summary>
    /// <param name="selection">Names of selections, such as "c"; may be empty.</param>
    /// <param name="base64">The text in base64, not checked.</param>
    void ClipboardWrite(ReadOnlySpan<byte> selection, ReadOnlySpan<byte> base64);
}
