using Sessiond.Spec.Toml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sessiond.Spec.Import;

/// <summary>Reads YAML into the values of a spec, with their positions. Every scalar is text.</summary>
internal sealed class YamlSource
{
    /// <summary>Deeper YAML is refused; app.yaml needs three.</summary>
    private const int MaxDepth = 32;

    private readonly string _file;
    private readonly Parser _events;

    private YamlSource(string text, string file)
    {
        _file = file;
        _events = new Parser(new StringReader(text));
    }

    /// <summary>Reads the first document, whose root is a mapping.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="fail">Takes the error, of which there is at most one; the result is then null.</param>
    public static TomlTable? Read(string text, string file, Action<SourcePosition, string> fail)
    {
        var source = new YamlSource(text, file);
        try
        {
            source._events.Consume<StreamStart>();
            if (!source._events.TryConsume<DocumentStart>(out _)) return new TomlTable(new SourcePosition(file, 1, 1), TomlTableOrigin.Inline, depth: 0);
            TomlValue root = source.ReadNode(depth: 0);
            if (root is TomlTable table) return table;
            fail(root.Position, "expected a mapping");
        }
        catch (YamlException e)
        {
            fail(source.At(e.Start), SpecText.Printable(e.InnerException?.Message ?? e.Message));
        }

        return null;
    }

    private TomlValue ReadNode(int depth)
    {
        ParsingEvent next = _events.Current!;
        SourcePosition position = At(next.Start);
        if (depth > MaxDepth) throw new YamlException(next.Start, next.End, $"more than {MaxDepth} levels");
        if (_events.TryConsume<Scalar>(out Scalar? scalar)) return new TomlString(position, scalar.Value);
        if (_events.TryConsume<SequenceStart>(out _))
        {
            var array = new TomlArray(position);
            while (!_events.TryConsume<SequenceEnd>(out _)) array.Items.Add(ReadNode(depth + 1));
            return array;
        }

        // An alias would let a few bytes stand for a great many.
        if (!_events.TryConsume<MappingStart>(out _)) throw new YamlException(next.Start, next.End, "aliases are not supported");
        var table = new TomlTable(position, TomlTableOrigin.Inline, depth);
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            Scalar key = _events.Consume<Scalar>();
            table.Set(new TomlEntry(key.Value, At(key.Start), ReadNode(depth + 1)));
        }

        return table;
    }

    private SourcePosition At(Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);
}
