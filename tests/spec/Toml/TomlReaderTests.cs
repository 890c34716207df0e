using System.Globalization;
using System.Text;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Tests.Toml;

public sealed class TomlReaderTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+7", 7)]
    [InlineData("-1_000", -1000)]
    [InlineData("0xDEAD_beef", 0xDEADBEEF)]
    [InlineData("0o755", 493)]
    [InlineData("0b1010", 10)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("0x7fffffffffffffff", long.MaxValue)]
    public void Integers(string text, long value) => Assert.Equal(value, Value<TomlInteger>(text).Value);

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("0x8000000000000000")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("1__0")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("0x")]
    [InlineData("-0x1")]
    [InlineData("0b2")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.e3")]
    [InlineData("1e")]
    [InlineData("1.2.3")]
    [InlineData("Infinity")]
    [InlineData("+true")]
    [InlineData("True")]
    [InlineData("2024-02-30")]
    [InlineData("2023-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("24:00")]
    [InlineData("07:32:00.")]
    [InlineData("1979-05-27T07:32:00+25:00")]
    [InlineData("1979-05-27T")]
    [InlineData("1979-5-27")]
    public void What_is_no_value_is_refused(string text) => Assert.Equal(5, Assert.Single(Read("k = " + text).Errors).Column);

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-0.0", -0.0)]
    [InlineData("6.626e-34", 6.626e-34)]
    [InlineData("1e06", 1e6)]
    [InlineData("9_224.5", 9224.5)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("+nan", double.NaN)]
    public void Floats(string text, double value) => Assert.Equal(value, Value<TomlFloat>(text).Value);

    [Theory]
    [InlineData("1979-05-27t07:32:00z", "OffsetDateTime", "1979-05-27T07:32:00Z")]
    [InlineData("1979-05-27 07:32-07:00", "OffsetDateTime", "1979-05-27T07:32:00-07:00")]
    [InlineData("1979-05-27T00:32:00.999", "LocalDateTime", "1979-05-27T00:32:00.999")]
    [InlineData("2024-02-29", "LocalDate", "2024-02-29")]
    [InlineData("07:32", "LocalTime", "07:32:00")]
    public void Dates_and_times(string text, string kind, string normal)
    {
        TomlDateTime value = Value<TomlDateTime>(text);
        Assert.Equal((kind, normal), (value.Kind.ToString(), value.Text));
    }

    [Theory]
    [InlineData("'C:\\x'", "C:\\x")]
    [InlineData("\"a\\tb\\\"\\\\ \\e[0m \\x41 \\u00E9 \\U0001F600\"", "a\tb\"\\ \u001B[0m A é 😀")]
    [InlineData("\"\"\"\na\nb\"\"\"", "a\nb")]
    [InlineData("\"\"\"a \\\n\n   b\"\"\"", "a b")]
    [InlineData("\"\"\"\"quoted\"\"\"\"", "\"quoted\"")]
    [InlineData("'''''two''''' ", "''two''")]
    [InlineData("\"\"\"\\\"\"\"\"", "\"")]
    [InlineData("\"\"", "")]
    public void Strings(string text, string value) => Assert.Equal(value, Value<TomlString>(text).Value);

    [Theory]
    [InlineData("\"\\q\"", 1, 6)]
    [InlineData("\"ab\\uD800\"", 1, 8)]
    [InlineData("\"\\u12\"", 1, 6)]
    [InlineData("\"a", 1, 5)]
    [InlineData("'a\nb'", 1, 5)]
    [InlineData("\"a\u0001b\"", 1, 7)]
    [InlineData("\"\"\"a\n\u0000\"\"\"", 2, 1)]
    [InlineData("[1 2]", 1, 8)]
    [InlineData("[1,,2]", 1, 8)]
    [InlineData("[1", 1, 5)]
    [InlineData("{ a = 1 b = 2 }", 1, 13)]
    [InlineData("{ a = 1, a = 2 }", 1, 14)]
    [InlineData("1 # ok\n= 1", 2, 1)]
    [InlineData("\"😀😀\" x", 1, 10)]
    public void Errors_stand_where_they_are(string text, int line, int column)
    {
        SpecError error = Read("k = " + text).Errors[0];
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Inline_tables_may_span_lines_hold_comments_and_end_with_a_comma()
    {
        TomlTable table = Value<TomlTable>("{ # first\n a.b = 1, # second\n a.c = [ 2, # third\n ],\n}");
        Assert.True(table.TryGet("a", out TomlTable? a));
        Assert.Equal(["b", "c"], a.Entries.Select(entry => entry.Key));
    }

    [Theory]
    [InlineData("[a]\n[a]")]
    [InlineData("[a.b]\nx = 1\n[a.b]")]
    [InlineData("a.b = 1\n[a]")]
    [InlineData("[a.b]\n[a]\nb.c = 1")]
    [InlineData("a = { b = 1 }\n[a.c]")]
    [InlineData("a = { b = 1 }\na.c = 2")]
    [InlineData("a = []\n[[a]]")]
    [InlineData("[[a]]\n[a]")]
    [InlineData("[a]\n[[a]]")]
    [InlineData("a = 1\na.b = 2")]
    [InlineData("a = 1\n\"a\" = 2")]
    public void Nothing_is_defined_twice(string text) => Assert.Single(Read(text).Errors);

    [Theory]
    [InlineData("[a.b.c]\n[a.b]\n[a]")]
    [InlineData("[a]\nb.c = 1\nb.d = 2\n[a.b.e]")]
    [InlineData("[[a]]\n[a.b]\n[[a]]\n[a.b]")]
    [InlineData("\"\" = 1\n'a.b' = 2\na . b = 3")]
    [InlineData("\uFEFFa = 1\r\nb = 2")]
    public void Tables_may_be_extended_where_toml_says_so(string text) => Assert.Empty(Read(text).Errors);

    [Fact]
    public void Reading_goes_on_after_each_error()
    {
        TomlDocument document = Read("""
            a = 1 2
            b = [ 1,
              oops,
              3 ]
            c = 3
            [table
            d = 4
            = 5
            e = 6
            """);

        Assert.Equal([1, 3, 6, 8], document.Errors.Select(error => error.Line));
        Assert.True(document.Root.TryGet("c", out TomlInteger? _));
        Assert.True(document.Root.TryGet("table", out TomlTable? table));
        Assert.Equal(["d", "e"], table.Entries.Select(entry => entry.Key));
    }

    [Fact]
    public void A_string_that_is_not_closed_does_not_swallow_the_rest()
    {
        TomlDocument document = Read("a = \"\"\"text\nb = 1\n[c]\nd = 2");
        Assert.Equal("s.toml:1:5: this multi-line string is not closed", Assert.Single(document.Errors).ToString());
        Assert.True(document.Root.TryGet("c", out TomlTable? _));
    }

    [Fact]
    public void Keys_below_a_header_that_cannot_be_read_do_not_fall_into_the_table_before()
    {
        TomlDocument document = Read("[[sessions]]\nname = 'a'\n[[=]]\nname = 'b'\ncommand = 'c'");
        Assert.Single(document.Errors);
        Assert.True(document.Root.TryGet("sessions", out TomlArray? sessions));
        Assert.Equal(1, ((TomlTable)Assert.Single(sessions.Items)).Count);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_one_error_a_line()
    {
        TomlDocument document = TomlReader.Read([.. "é = '"u8, 0xC0, 0xC0, .. "'\nb = '"u8, 0xED, 0xA0, 0x80, .. "'"u8], "s.toml");
        Assert.Equal([(1, 6), (2, 6)], document.Errors.Where(error => error.Message.Contains("UTF-8", StringComparison.Ordinal)).Select(error => (error.Line, error.Column)));
    }

    [Fact]
    public void Positions_count_code_points()
    {
        TomlDocument document = Read("'😀é' = { 'ü' = 1, b = true }");
        TomlEntry entry = Assert.Single(document.Root.Entries);
        TomlEntry[] inner = [.. ((TomlTable)entry.Value).Entries];
        Assert.Equal((1, 1, 8, 10, 19, 23), (entry.KeyPosition.Line, entry.KeyPosition.Column, entry.Value.Position.Column, inner[0].KeyPosition.Column, inner[1].KeyPosition.Column, inner[1].Value.Position.Column));
    }

    [Theory]
    [InlineData("[", "]", "")]
    [InlineData("{a=", "}", "1")]
    public void T95_nesting_is_bounded(string open, string close, string inside)
    {
        string deep = "k = " + string.Concat(Enumerable.Repeat(open, 100_000)) + inside + string.Concat(Enumerable.Repeat(close, 100_000));
        Assert.Contains($"more than {TomlReader.MaxDepth}", Read(deep).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T95_keys_of_very_many_parts_are_refused()
    {
        string key = string.Join('.', Enumerable.Repeat("a", 100_000));
        Assert.Single(Read(key + " = 1").Errors);
        Assert.Single(Read($"[{key}]").Errors);
    }

    [Fact]
    public void T95_the_number_of_errors_is_bounded()
    {
        Assert.Equal(TomlReader.MaxErrors, Read(string.Concat(Enumerable.Repeat("a = \"\"\"\\q\n", 100_000))).Errors.Count);
    }

    // In quadratic time this would take minutes.
    [Theory]
    [InlineData("k{0} = 'value'\n")]
    [InlineData("# comment é\n")]
    [InlineData("[t{0}]\na.b.c = [1, 2, {{ x = 1.5 }}]\n")]
    public void T95_long_documents_are_read(string line)
    {
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) text.Append(CultureInfo.InvariantCulture, $"{string.Format(CultureInfo.InvariantCulture, line, i)}");
        Assert.Empty(Read(text.ToString()).Errors);
    }

    [Fact]
    public void T95_a_long_line_is_read()
    {
        TomlArray array = Value<TomlArray>("[" + string.Concat(Enumerable.Repeat("1,", 300_000)) + "]");
        Assert.Equal((1, 600_004), (array.Items[^1].Position.Line, array.Items[^1].Position.Column));
    }

    [Fact]
    public void T95_any_bytes_are_read_without_an_exception()
    {
        var random = new Random(20_240_607);
        string[] pieces = ["a", "=", "[", "]", "{", "}", "\"", "'", "\"\"\"", "'''", "\n", "\r\n", "\\", "#", ".", ",", " ", "1", "-", "é", "😀", "\0", "0x", "1979-05-27"];
        for (int round = 0; round < 5000; round++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(40); length > 0; length--) text.Append(pieces[random.Next(pieces.Length)]);
            byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
            if (bytes.Length > 0 && random.Next(4) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            TomlDocument document = TomlReader.Read(bytes, "s.toml");
            Assert.All(document.Errors, error => Assert.DoesNotContain(error.ToString(), char.IsControl));
        }
    }

    private static TomlDocument Read(string text) => TomlReader.Read(Encoding.UTF8.GetBytes(text), "s.toml");

    private static T Value<T>(string text)
        where T : TomlValue
    {
        TomlDocument document = Read("k = " + text);
        Assert.Empty(document.Errors);
        Assert.True(document.Root.TryGet("k", out T? value));
        return value;
    }
}
