using System.Text.Json;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>Reads JSON with comments and trailing commas into the values of a spec, with their positions.</summary>
internal sealed class JsonSource
{
    /// <summary>Deeper JSON is refused; devcontainer.json needs five.</summary>
    private const int MaxDepth = 32;

    private readonly string _file;
    private readonly byte[] _utf8;

    // The position of _counted; positions are asked for in rising order, so that counting is linear.
    private int _line = 1;
    private int _column = 1;
    private long _counted;

    private JsonSource(byte[] utf8, string file)
    {
        _utf8 = utf8;
        _file = file;
    }

    /// <summary>Reads a document whose root is an object.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="fail">Takes the error, of which there is at most one; the result is then null.</param>
    public static TomlTable? Read(byte[] utf8, string file, Action<SourcePosition, string> fail)
    {
        byte[] text = utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var source = new JsonSource(text, file);
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth };
        try
        {
            var json = new Utf8JsonReader(text, options);
            json.Read();
            SourcePosition start = source.PositionOf(json.TokenStartIndex);
            if (json.TokenType == JsonTokenType.StartObject)
            {
                TomlTable table = source.ReadObject(ref json, start, depth: 0);
                json.Read();
                return table;
            }

            fail(start, "expected an object");
        }
        catch (JsonException e)
        {
            var position = new SourcePosition(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            fail(position, "this is not JSON: " + SpecText.Printable(e.Message.Split(" LineNumber", 2)[0]));
        }
        catch (InvalidOperationException)
        {
            // What Utf8JsonReader.GetString throws for half a surrogate pair or bytes that are no UTF-8.
            fail(new SourcePosition(file, source._line, source._column), "this string is not Unicode");
        }

        return null;
    }

    private TomlTable ReadObject(ref Utf8JsonReader json, SourcePosition position, int depth)
    {
        var table = new TomlTable(position, TomlTableOrigin.Inline, depth);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string key = json.GetString()!;
            SourcePosition keyPosition = PositionOf(json.TokenStartIndex);
            json.Read();
            table.Set(new TomlEntry(key, keyPosition, ReadValue(ref json, depth + 1)));
        }

        return table;
    }

    private TomlValue ReadValue(ref Utf8JsonReader json, int depth)
    {
        SourcePosition position = PositionOf(json.TokenStartIndex);
        return json.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref json, position, depth),
            JsonTokenType.StartArray => ReadArray(ref json, position, depth),
            JsonTokenType.String => new TomlString(position, json.GetString()!),
            JsonTokenType.True => new TomlBoolean(position, true),
            JsonTokenType.False => new TomlBoolean(position, false),
            JsonTokenType.Number when json.TryGetInt64(out long integer) => new TomlInteger(position, integer),
            JsonTokenType.Number => new TomlFloat(position, json.GetDouble()),
            _ => new JsonNull(position),
        };
    }

    private TomlArray ReadArray(ref Utf8JsonReader json, SourcePosition position, int depth)
    {
        var array = new TomlArray(position);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) array.Items.Add(ReadValue(ref json, depth + 1));
        return array;
    }

    private SourcePosition PositionOf(long index)
    {
        for (; _counted < index; _counted++)
        {
            byte value = _utf8[_counted];
            if (value == '\n') (_line, _column) = (_line + 1, 1);
            else if ((value & 0xC0) != 0x80) _column++;
        }

        return new SourcePosition(_file, _line, _column);
    }
}
