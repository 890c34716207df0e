using System.Text.Json;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>The types that are made of TOML's own: text, numbers, words, lists, tables.</summary>
internal static partial class SpecTypes
{
    public static readonly SpecType<string> Text = Scalar<TomlString, string>("text", "a string", value => value.Value, "string");

    /// <summary>Text that is not empty and holds no NUL: a path, an argument, the value of a variable.</summary>
    public static readonly SpecType<string> Word = Text.Checked(ProblemOfWord);

    public static readonly SpecType<bool> Flag = Scalar<TomlBoolean, bool>("true or false", "true or false", value => value.Value, "boolean");

    public static readonly SpecType<ValueList<string>> Words = ListOf(Word);

    /// <summary>A table of text by text.</summary>
    public static readonly SpecType<ValueDictionary<string>> TextTable =
        Entries("table of text", Text, key => key.Length == 0 ? "a key must not be empty" : null, KeyValuePair.Create)
            .Select(entries => new ValueDictionary<string>(entries));

    /// <summary>An integer inside a range.</summary>
    public static SpecType<int> Integer(int min, int max) => new(
        $"integer, {min} to {max}",
        (value, reading) =>
        {
            if (value is not TomlInteger integer) return reading.FailType(value, "an integer");
            if (integer.Value < min || integer.Value > max) return reading.Fail(value.Position, $"{integer.Value} is not between {min} and {max}");
            return (int)integer.Value;
        },
        json =>
        {
            json.WriteString("type", "integer");
            json.WriteNumber("minimum", min);
            json.WriteNumber("maximum", max);
        });

    /// <summary>One of a few words.</summary>
    public static SpecType<T> OneOf<T>(params (string Word, T Value)[] words) => OneOf(words, []);

    /// <summary>One of a few words, or of others that are accepted but not offered.</summary>
    public static SpecType<T> OneOf<T>((string Word, T Value)[] words, (string Word, T Value)[] aliases) => new(
        string.Join(" | ", words.Select(word => word.Word)),
        (value, reading) =>
        {
            string legal = string.Join(", ", words.Select(word => $"\"{word.Word}\""));
            if (value is not TomlString text) return reading.FailType(value, $"one of {legal}");
            foreach ((string word, T meaning) in words.Concat(aliases))
            {
                if (word == text.Value) return meaning;
            }

            return reading.Fail(value.Position, $"\"{SpecText.Printable(text.Value)}\" is not one of {legal}");
        },
        json =>
        {
            json.WriteStartArray("enum");
            foreach ((string word, _) in words.Concat(aliases)) json.WriteStringValue(word);
            json.WriteEndArray();
        });

    /// <summary>An array of values of one type. Each wrong item is reported, and the array is then not taken.</summary>
    public static SpecType<ValueList<T>> ListOf<T>(SpecType<T> item) => new(
        $"list of {item.Label}",
        (value, reading) =>
        {
            if (value is not TomlArray array) return reading.FailType(value, "an array");
            var items = new List<T>(array.Items.Count);
            foreach (TomlValue element in array.Items)
            {
                if (item.Read(element, reading).TryGet(out T? read)) items.Add(read);
            }

            if (items.Count < array.Items.Count) return default(Refused);
            return new ValueList<T>([.. items]);
        },
        json =>
        {
            json.WriteString("type", "array");
            json.WriteStartObject("items");
            item.WriteSchema(json);
            json.WriteEndObject();
        });

    /// <summary>A table whose keys the writer of the spec chooses. Wrong entries are reported and left out.</summary>
    /// <param name="label">For the reference.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="problem">Says what is wrong with a key; null when nothing is.</param>
    /// <param name="make">Makes an entry of key and value.</param>
    public static SpecType<ValueList<TEntry>> Entries<T, TEntry>(
        string label, SpecType<T> type, Func<string, string?> problem, Func<string, T, TEntry> make) => new(
        label,
        (value, reading) =>
        {
            if (value is not TomlTable table) return reading.FailType(value, "a table");
            var entries = new List<TEntry>(table.Count);
            foreach (TomlEntry entry in table.Entries.Where(entry => !SpecTable.IsForeign(entry.Key)))
            {
                Parsed<T> parsed = reading.Within(SpecText.Printable(entry.Key), () => type.Read(entry.Value, reading));
                if (problem(entry.Key) is { } message) reading.Fail(entry.KeyPosition, message);
                else if (parsed.TryGet(out T? read)) entries.Add(make(entry.Key, read));
            }

            return new ValueList<TEntry>([.. entries]);
        },
        json =>
        {
            json.WriteString("type", "object");
            json.WriteStartObject("additionalProperties");
            type.WriteSchema(json);
            json.WriteEndObject();
        });

    /// <summary>A table with legal keys of its own.</summary>
    /// <param name="table">The keys.</param>
    /// <param name="start">What is read when no key is there.</param>
    public static SpecType<T> Table<T>(SpecTable<T> table, T start) => new(
        "table",
        (value, reading) =>
        {
            if (value is not TomlTable given) return reading.FailType(value, "a table");
            return table.Read(given, start, reading);
        },
        table.WriteSchema);

    /// <summary>A table that is not taken at all when anything in it is wrong: half of what it says could do harm.</summary>
    public static SpecType<T> WholeTable<T>(SpecTable<T> table, T start) => new(
        "table",
        (value, reading) =>
        {
            if (value is not TomlTable given) return reading.FailType(value, "a table");
            int errors = reading.Errors.Count;
            T result = table.Read(given, start, reading);
            if (reading.Errors.Count > errors || given.FirstDamage() is not null) return default(Refused);
            return result;
        },
        table.WriteSchema);

    /// <summary>Either of two types: tables are read by the second, everything else by the first.</summary>
    public static SpecType<T> OrTable<T>(SpecType<T> plain, SpecType<T> table) => new(
        $"{plain.Label}, or table",
        (value, reading) => (value is TomlTable ? table : plain).Read(value, reading),
        json => AnyOf(json, plain.WriteSchema, table.WriteSchema));

    private static SpecType<T> Scalar<TToml, T>(string label, string expected, Func<TToml, T> convert, string jsonType)
        where TToml : TomlValue => new(
            label,
            (value, reading) =>
            {
                if (value is not TToml scalar) return reading.FailType(value, expected);
                return convert(scalar);
            },
            json => json.WriteString("type", jsonType));

    public static void AnyOf(Utf8JsonWriter json, params Action<Utf8JsonWriter>[] schemas)
    {
        json.WriteStartArray("anyOf");
        foreach (Action<Utf8JsonWriter> schema in schemas)
        {
            json.WriteStartObject();
            schema(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string? ProblemOfWord(string text)
    {
        if (text.Length == 0) return "must not be empty";
        return text.Contains('\0') ? "must not hold a NUL character" : null;
    }
}
