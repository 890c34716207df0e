using System.Text;
using Sessiond.Pty;

namespace Sessiond.Cli.Output;

/// <summary>Where commands print: tables on a terminal, plain text in a pipe.</summary>
internal sealed class CliOutput
{
    private CliOutput(Stream output, TextWriter error, bool isTerminal, bool color)
    {
        Bytes = output;
        Out = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 4096) { NewLine = "\n" };
        Error = error;
        IsTerminal = isTerminal;
        Color = color;
    }

    /// <summary>Text of the command; flushed at its end.</summary>
    public TextWriter Out { get; }

    /// <summary>Messages; flushed at once.</summary>
    public TextWriter Error { get; }

    /// <summary>The same as <see cref="Out"/>, for bytes; <see cref="Out"/> has to be flushed before.</summary>
    public Stream Bytes { get; }

    /// <summary>True when standard output is a terminal.</summary>
    public bool IsTerminal { get; }

    /// <summary>True when colours are wanted there (NO_COLOR, https://no-color.org, and TERM=dumb say no).</summary>
    public bool Color { get; }

    /// <summary>The process's own standard output and error.</summary>
    public static CliOutput Standard(Func<string, string?> environment)
    {
        bool terminal = StandardIo.IsTerminal(StandardFd.Output);
        bool color = terminal && string.IsNullOrEmpty(environment("NO_COLOR")) && environment("TERM") is not ("dumb" or null);
        var error = new StreamWriter(new FdStream(StandardFd.Error), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 256)
        {
            AutoFlush = true,
            NewLine = "\n",
        };
        return new CliOutput(new FdStream(StandardFd.Output), error, terminal, color);
    }

    /// <summary>Output into memory, as in a pipe.</summary>
    public static CliOutput ToMemory(Stream output, TextWriter error) => new(output, error, isTerminal: false, color: false);

    /// <summary>Prints a message with the program's name.</summary>
    public void Complain(string message) => Error.WriteLine($"sessiond: {message}");

    /// <summary>Prints JSON as the daemon sent it, with a newline at its end.</summary>
    public void WriteJson(ReadOnlySpan<byte> json)
    {
        Out.Flush();
        Bytes.Write(json);
        if (json.IsEmpty || json[^1] != (byte)'\n') Bytes.Write("\n"u8);
    }
}
