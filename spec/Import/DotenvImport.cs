using System.Text;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>A dotenv file as a layer of the spec.</summary>
/// <remarks>
/// Lines are <c>[export] NAME=VALUE</c>. In single quotes everything is itself, in double quotes <c>\n \r \t \" \\ \$</c> are
/// escapes; either may span lines. Without quotes the value ends before <c> #</c>. Nothing is expanded.
/// </remarks>
internal sealed class DotenvImport
{
    private readonly string _file;
    private readonly string _text;
    private readonly Action<SourcePosition, string> _fail;
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private DotenvImport(string text, string file, Action<SourcePosition, string> fail)
    {
        _text = text;
        _file = file;
        _fail = fail;
    }

    private SourcePosition Position => new(_file, _line, _at - _lineStart + 1);

    private char Next => _at < _text.Length ? _text[_at] : '\n';

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="fail">Takes what is wrong; wrong lines are left out.</param>
    public static TomlTable Read(string text, string file, Action<SourcePosition, string> fail)
    {
        var environment = new TomlTable(new SourcePosition(file, 1, 1), TomlTableOrigin.Inline, depth: 1);
        var reader = new DotenvImport(text.Replace("\r\n", "\n", StringComparison.Ordinal), file, fail);
        while (reader._at < reader._text.Length) reader.ReadLine(environment);
        var layer = new TomlTable(environment.Position, TomlTableOrigin.Header, depth: 0);
        layer.Set(new TomlEntry("env", environment.Position, environment));
        return layer;
    }

    private void ReadLine(TomlTable environment)
    {
        SkipBlanks();
        if (_text.AsSpan(_at).StartsWith("export "))
        {
            _at += "export ".Length;
            SkipBlanks();
        }

        SourcePosition position = Position;
        if (Next is not ('#' or '\n'))
        {
            int start = _at;
            while (char.IsAsciiLetterOrDigit(Next) || Next is '_' or '.' or '-') _at++;
            string name = _text[start.._at];
            SkipBlanks();
            if (Next != '=' || name.Length == 0)
            {
                _fail(position, "expected NAME=VALUE");
            }
            else
            {
                _at++;
                SkipBlanks();
                SourcePosition valuePosition = Position;
                if (ReadValue() is { } value) environment.Set(new TomlEntry(name, position, Literal.Of(valuePosition, value)));
            }
        }

        while (Next != '\n') _at++;
        NewLine();
    }

    private string? ReadValue()
    {
        if (Next is '"' or '\'') return ReadQuoted(Next);
        int start = _at;
        while (Next != '\n' && !(Next == '#' && (_at == start || _text[_at - 1] is ' ' or '\t'))) _at++;
        return _text[start.._at].Trim();
    }

    private string? ReadQuoted(char quote)
    {
        SourcePosition position = Position;
        if (_text.IndexOf(quote, _at + 1) < 0)
        {
            _fail(position, "this quote is not closed");
            return null;
        }

        var value = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            char character = _text[_at];
            if (character == quote)
            {
                _at++;
                return value.ToString();
            }

            if (character == '\\' && quote == '"' && _at + 1 < _text.Length) character = Unescape(_text[++_at], value);
            if (_text[_at] == '\n') StartLine(_at + 1);
            value.Append(character);
        }

        _fail(position, "this quote is not closed");
        return null;
    }

    private static char Unescape(char escaped, StringBuilder value)
    {
        switch (escaped)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '"' or '\\' or '$': return escaped;
            default:
                value.Append('\\');
                return escaped;
        }
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t') _at++;
    }

    private void NewLine()
    {
        _at++;
        StartLine(_at);
    }

    private void StartLine(int at)
    {
        _line++;
        _lineStart = at;
    }
}
