using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sessiond.Daemon.Logs.Formats;

/// <summary>asciicast v2 (docs.asciinema.org): a header, then a line for each piece of output and each change of size, with its time.</summary>
/// <param name="readMarks">The log's index.</param>
internal sealed class CastFormat(Func<IReadOnlyList<LogMark>> readMarks) : LogFormat
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private IReadOnlyList<LogMark> _marks = [];
    private LogMark _current;
    private int _next;
    private long _start;
    private double _time;
    private bool _isBegun;

    /// <inheritdoc/>
    internal override string ContentType => "application/x-asciicast";

    /// <inheritdoc/>
    internal override void Write(long offset, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output)
    {
        _marks = readMarks();
        _next = FirstAfter(offset);
        if (!_isBegun) Begin(output);
        else if (_next > 0) Enter(_marks[_next - 1], output);
        while (!bytes.IsEmpty)
        {
            long end = _next < _marks.Count ? _marks[_next].Offset : long.MaxValue;
            int length = (int)Math.Min(bytes.Length, end - offset);
            WriteOutput(bytes[..length], output);
            offset += length;
            bytes = bytes[length..];
            if (offset == end) Enter(_marks[_next++], output);
        }
    }

    private int FirstAfter(long offset)
    {
        int low = 0;
        int high = _marks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_marks[middle].Offset <= offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Begin(ArrayBufferWriter<byte> output)
    {
        _isBegun = true;
        _current = _marks.Count == 0 ? new LogMark(0, 0, 80, 24) : _marks[Math.Max(0, _next - 1)];
        _start = _current.At;
        using (var writer = new Utf8JsonWriter(output, _options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 2);
            writer.WriteNumber("width", _current.Columns);
            writer.WriteNumber("height", _current.Rows);
            writer.WriteNumber("timestamp", _start / 1000);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private void Enter(LogMark mark, ArrayBufferWriter<byte> output)
    {
        // A clock that was set back must not make a player wait for ever.
        _time = Math.Max(_time, (mark.At - _start) / 1000.0);
        if (mark.Columns != _current.Columns || mark.Rows != _current.Rows) WriteEvent("r", $"{mark.Columns}x{mark.Rows}", output);
        _current = mark;
    }

    private void WriteOutput(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output)
    {
        char[] characters = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(bytes.Length));
        int count = _decoder.GetChars(bytes, characters, flush: false);
        if (count > 0) WriteEvent("o", characters.AsSpan(0, count), output);
        ArrayPool<char>.Shared.Return(characters);
    }

    private void WriteEvent(string kind, ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output, _options))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(Math.Round(_time, 3));
            writer.WriteStringValue(kind);
            writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        output.Write("\n"u8);
    }
}
