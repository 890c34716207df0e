using System.Buffers;

namespace Sessiond.Vt;

/// <summary>
/// Turns what a program prints into text for a log: no escape sequences, and a line as it was when it ended, so that a
/// progress bar which redraws itself with CR leaves one line. Not thread-safe.
/// </summary>
public sealed class PlainText
{
    /// <summary>Longest line kept, in characters; a longer one is broken. Programs that draw never need more than a row.</summary>
    public const int MaxLineLength = 16 * 1024;

    private readonly Parser<Handler> _parser;
    private readonly List<int> _line = [];
    private readonly ByteWriter _out = new();
    private int _column;

    /// <summary>Makes a filter at the start of a stream.</summary>
    public PlainText() => _parser = new Parser<Handler>(new Handler(this), 0);

    /// <summary>Takes bytes of the pty and writes the lines that ended.</summary>
    public void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _parser.Feed(bytes);
        output.Write(_out.Written);
        _out.Clear();
    }

    /// <summary>Writes the line that has not ended; used when the stream ends.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_line.Count > 0)
        {
            EndLine();
        }

        output.Write(_out.Written);
        _out.Clear();
    }

    /// <summary>The line that has not ended, as it is now.</summary>
    public string OpenLine
    {
        get
        {
            var text = new System.Text.StringBuilder(_line.Count);
            foreach (int code in _line)
            {
                text.Append(char.ConvertFromUtf32(code));
            }

            return text.ToString();
        }
    }

    private void Put(int code)
    {
        if (_column >= MaxLineLength)
        {
            EndLine();
        }

        while (_line.Count < _column)
        {
            _line.Add(' ');
        }

        if (_column < _line.Count && UnicodeTable.Width(code) != 0)
        {
            _line[_column] = code;
        }
        else
        {
            _line.Insert(Math.Min(_column, _line.Count), code);
        }

        _column++;
    }

    private void EndLine()
    {
        int length = _line.Count;
        while (length > 0 && _line[length - 1] == ' ')
        {
            length--;
        }

        for (int i = 0; i < length; i++)
        {
            _out.AddUtf8(_line[i]);
        }

        _out.Add((byte)'\n');
        _line.Clear();
        _column = 0;
    }

    private void Execute(byte control)
    {
        const int tab = 8;
        switch (control)
        {
            case (byte)'\n':
                EndLine();
                break;
            case (byte)'\r':
                _column = 0;
                break;
            case (byte)'\b':
                _column = Math.Max(0, _column - 1);
                break;
            case (byte)'\t':
                _column = Math.Min(((_column / tab) + 1) * tab, MaxLineLength);
                break;
        }
    }

    private void Csi(ControlSequence s)
    {
        if (s.Prefix != 0 || s.Intermediates != 0)
        {
            return;
        }

        switch (s.Final)
        {
            case (byte)'K':
                Erase(s[0]);
                break;
            case (byte)'C':
                _column = Math.Min(_column + s.Get(0, 1), MaxLineLength);
                break;
            case (byte)'D':
                _column = Math.Max(_column - s.Get(0, 1), 0);
                break;
            case (byte)'G':
                _column = Math.Min(s.Get(0, 1) - 1, MaxLineLength);
                break;
        }
    }

    /// <summary>EL.</summary>
    private void Erase(int what)
    {
        if (what == 1)
        {
            for (int i = 0; i <= _column && i < _line.Count; i++)
            {
                _line[i] = ' ';
            }
        }
        else
        {
            int from = what == 2 ? 0 : Math.Min(_column, _line.Count);
            _line.RemoveRange(from, _line.Count - from);
        }
    }

    private readonly struct Handler(PlainText text) : IParserHandler
    {
        public void PrintAscii(ReadOnlySpan<byte> run)
        {
            foreach (byte b in run)
            {
                text.Put(b);
            }
        }

        public int PrintUtf8(ReadOnlySpan<byte> bytes) => 0;

        public void PrintWide(ReadOnlySpan<int> codePoints)
        {
            foreach (int code in codePoints)
            {
                text.Put(code);
            }
        }

        public void Execute(byte control) => text.Execute(control);

        public void EscDispatch(ControlSequence sequence)
        {
            if (sequence is { Intermediates: 0, Final: (byte)'E' })
            {
                text.EndLine();
            }
        }

        public int TrySelectRendition(ReadOnlySpan<byte> bytes) => 0;

        public void CsiDispatch(ControlSequence sequence) => text.Csi(sequence);

        public void TextDispatch(StringKind kind, ControlSequence sequence, ReadOnlySpan<byte> run, bool endedByBell)
        {
        }
    }
}
