using System.Globalization;
using System.Text.Json;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Tests.Toml;

public sealed class TomlSuiteTests
{
    [Fact]
    public void Every_valid_document_of_the_official_suite_is_read_as_it_says()
    {
        IReadOnlyList<string> files = TomlSuite.Files("valid");
        var failures = new List<string>();
        foreach (string file in files)
        {
            TomlDocument document = TomlReader.Read(File.ReadAllBytes(file), file);
            using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(file, ".json")));
            if (document.Errors.Count > 0) failures.Add(document.Errors[0].ToString());
            else if (Difference(expected.RootElement, document.Root, "$") is { } difference) failures.Add($"{file}: {difference}");
        }

        Assert.True(files.Count > 200, $"the suite's list names {files.Count} valid files");
        Assert.Empty(failures);
    }

    [Fact]
    public void Every_invalid_document_of_the_official_suite_is_refused_with_a_position_inside_it()
    {
        IReadOnlyList<string> files = TomlSuite.Files("invalid");
        var failures = new List<string>();
        foreach (string file in files)
        {
            byte[] bytes = File.ReadAllBytes(file);
            TomlDocument document = TomlReader.Read(bytes, file);
            int lines = bytes.Count(b => b == '\n') + 1;
            if (document.Errors.Count == 0) failures.Add($"{file}: accepted");
            else if (document.Errors.FirstOrDefault(e => e.Line < 1 || e.Line > lines || e.Column < 1) is { } error) failures.Add(error.ToString());
        }

        Assert.True(files.Count > 400, $"the suite's list names {files.Count} invalid files");
        Assert.Empty(failures);
    }

    // Tables are JSON objects, arrays JSON arrays, everything else {"type": …, "value": text}.
    private static string? Difference(JsonElement expected, TomlValue actual, string path)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            if (actual is not TomlArray array) return $"{path} is {actual.Description}";
            if (array.Items.Count != expected.GetArrayLength()) return $"{path} has {array.Items.Count} items";
            return array.Items.Select((item, i) => Difference(expected[i], item, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
        }

        if (actual is not TomlTable table) return DifferenceOfScalars(expected, actual, path);
        if (expected.EnumerateObject().Count() != table.Count) return $"{path} has {table.Count} keys";
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            if (!table.TryGet(property.Name, out TomlEntry entry)) return $"{path} lacks {property.Name}";
            if (Difference(property.Value, entry.Value, $"{path}.{property.Name}") is { } difference) return difference;
        }

        return null;
    }

    private static string? DifferenceOfScalars(JsonElement expected, TomlValue actual, string path)
    {
        if (!expected.TryGetProperty("value", out JsonElement element)) return $"{path} is {actual.Description}";
        string value = element.GetString()!;
        string type = expected.GetProperty("type").GetString()!;
        bool same = actual switch
        {
            TomlString text => type == "string" && text.Value == value,
            TomlInteger number => type == "integer" && number.Value == long.Parse(value, CultureInfo.InvariantCulture),
            TomlFloat number => type == "float" && number.Value.Equals(ParseFloat(value)),
            TomlBoolean flag => type == "bool" && flag.Value == (value == "true"),
            TomlDateTime time => type == TypeName(time.Kind) && Comparable(time.Text) == Comparable(value),
            _ => false,
        };
        return same ? null : $"{path} is {actual.Description}, not {type} {value}";
    }

    private static double ParseFloat(string text) => text.TrimStart('+') switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "-nan" => double.NaN,
        var number => double.Parse(number, CultureInfo.InvariantCulture),
    };

    private static string TypeName(TomlDateTimeKind kind) => kind switch
    {
        TomlDateTimeKind.OffsetDateTime => "datetime",
        TomlDateTimeKind.LocalDateTime => "datetime-local",
        TomlDateTimeKind.LocalDate => "date-local",
        _ => "time-local",
    };

    // Trailing zeros of a fraction say nothing.
    private static string Comparable(string time)
    {
        int dot = time.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return time;
        int end = dot + 1;
        while (end < time.Length && char.IsAsciiDigit(time[end])) end++;
        return time[..dot] + time[dot..end].TrimEnd('0').TrimEnd('.') + time[end..];
    }
}
