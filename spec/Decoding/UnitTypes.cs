using System.Globalization;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>Durations, sizes and other numbers with a notation of their own.</summary>
internal static class UnitTypes
{
    public static readonly SpecType<TimeSpan> Duration = new(
        "duration",
        (value, reading) =>
        {
            const string Expected = "a duration such as \"5s\", \"1h30m\" or a number of seconds";
            TimeSpan duration;
            switch (value)
            {
                case TomlString text when Spec.Duration.TryParse(text.Value, out duration):
                case TomlInteger seconds when Spec.Duration.TryFromSeconds(seconds.Value, out duration):
                case TomlFloat fraction when Spec.Duration.TryFromSeconds(fraction.Value, out duration):
                    return duration;
                case TomlString text:
                    return reading.Fail(value.Position, $"\"{SpecText.Printable(text.Value)}\" is not {Expected}");
                case TomlInteger or TomlFloat:
                    return reading.Fail(value.Position, $"a duration is between 0 and {Spec.Duration.Max.TotalDays} days");
                default:
                    return reading.FailType(value, Expected);
            }
        },
        json =>
        {
            json.WriteStartArray("type");
            json.WriteStringValue("string");
            json.WriteStringValue("number");
            json.WriteEndArray();
        });

    /// <summary>A duration that is more than zero.</summary>
    public static readonly SpecType<TimeSpan> Period = Duration.Checked(period => period > TimeSpan.Zero ? null : "must be more than 0");

    public static readonly SpecType<long> Size = new(
        "size",
        (value, reading) =>
        {
            const string Expected = "a size such as \"16MiB\" or a number of bytes";
            long size;
            switch (value)
            {
                case TomlString text when ByteSize.TryParse(text.Value, out size):
                    return size;
                case TomlInteger bytes when bytes.Value >= 0:
                    return bytes.Value;
                case TomlString text:
                    return reading.Fail(value.Position, $"\"{SpecText.Printable(text.Value)}\" is not {Expected}");
                case TomlInteger:
                    return reading.Fail(value.Position, "a size is not negative");
                default:
                    return reading.FailType(value, Expected);
            }
        },
        json =>
        {
            json.WriteStartArray("type");
            json.WriteStringValue("string");
            json.WriteStringValue("integer");
            json.WriteEndArray();
        });

    private static readonly SpecType<int> Cells = SpecTypes.Integer(1, Spec.TerminalSize.Max);

    /// <summary>[columns, rows]</summary>
    public static readonly SpecType<TerminalSize> TerminalSize = new(
        "[columns, rows]",
        (value, reading) =>
        {
            if (value is not TomlArray { Items: [var columns, var rows] }) return reading.FailType(value, "[columns, rows]");
            return Cells.Read(columns, reading).Then(width => Cells.Read(rows, reading).Then<TerminalSize>(height => new TerminalSize(width, height)));
        },
        json =>
        {
            json.WriteString("type", "array");
            json.WriteNumber("minItems", 2);
            json.WriteNumber("maxItems", 2);
            json.WriteStartObject("items");
            Cells.WriteSchema(json);
            json.WriteEndObject();
        });

    /// <summary>An octal mode in quotes, for TOML's integers read "0400" as a mistake and 400 as decimal.</summary>
    public static readonly SpecType<UnixFileMode> FileMode = SpecTypes.Text
        .Checked(text => IsOctal(text) ? null : $"\"{SpecText.Printable(text)}\" is not a file mode such as \"0400\"", "octal mode")
        .Select(text => (UnixFileMode)Convert.ToInt32(text, 8));

    private static readonly (string Word, string Value)[] SignalWords =
        [.. new[] { "HUP", "INT", "QUIT", "TERM", "KILL", "USR1", "USR2", "WINCH" }.Select(name => (name, name))];

    /// <summary>A signal without SIG; with it, it is accepted.</summary>
    public static readonly SpecType<string> Signal =
        SpecTypes.OneOf(SignalWords, [.. SignalWords.Select(word => ("SIG" + word.Word, word.Value))]);

    private static bool IsOctal(string text) =>
        text.Length is 3 or 4 && text.All(digit => digit is >= '0' and <= '7')
        && int.Parse(text, CultureInfo.InvariantCulture) <= 777;
}
