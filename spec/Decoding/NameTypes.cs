using System.Globalization;
using System.Text.RegularExpressions;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>Text that names something: sessions, users, addresses, files.</summary>
internal static class NameTypes
{
    /// <summary>Name of a session or hook.</summary>
    public static readonly SpecType<string> Name = SpecTypes.Text.Checked(
        text => SpecName.IsValid(text) ? null : $"\"{SpecText.Printable(text)}\" is not a name: {SpecName.Rule}", "name");

    /// <summary>A user or group by name.</summary>
    public static readonly SpecType<string> Account = SpecTypes.Word.Checked(ProblemOfAccount, "name");

    /// <summary>A user or group by name or number.</summary>
    public static readonly SpecType<string> AccountOrId = new(
        "name or number",
        (value, reading) => value switch
        {
            TomlInteger { Value: >= 0 and <= uint.MaxValue } id => id.Value.ToString(CultureInfo.InvariantCulture),
            TomlString => Account.Read(value, reading),
            _ => reading.FailType(value, "a name or a number"),
        },
        json =>
        {
            json.WriteStartArray("type");
            json.WriteStringValue("string");
            json.WriteStringValue("integer");
            json.WriteEndArray();
        });

    /// <summary>Text in which <c>${…}</c> is replaced; may be empty.</summary>
    public static readonly SpecType<string> Expandable = SpecTypes.Text
        .Checked(text => text.Contains('\0') ? "must not hold a NUL character" : Expansion.Problem(text));

    /// <summary>A path in which <c>${…}</c> is replaced.</summary>
    public static readonly SpecType<string> Path = SpecTypes.Word.Checked(Expansion.Problem, "path");

    public static readonly SpecType<ListenAddress> Listen = SpecTypes.Text
        .Checked(text => ListenAddress.TryParse(text, out _) ? null : $"\"{SpecText.Printable(text)}\" is not HOST:PORT such as \"127.0.0.1:7681\" or \"[::1]:7681\"", "HOST:PORT")
        .Select(text => ListenAddress.TryParse(text, out ListenAddress? address) ? address : throw new FormatException(text));

    /// <summary>An origin as browsers send it.</summary>
    public static readonly SpecType<string> Origin = SpecTypes.Text.Checked(ProblemOfOrigin, "origin");

    public static readonly SpecType<string> HttpUrl = SpecTypes.Word.Checked(ProblemOfHttpUrl, "URL");

    /// <summary>HOST:PORT to connect to.</summary>
    public static readonly SpecType<string> Endpoint = SpecTypes.Word.Checked(ProblemOfEndpoint, "HOST:PORT");

    public static readonly SpecType<string> Pattern = SpecTypes.Word.Checked(ProblemOfPattern, "regular expression");

    /// <summary>What is wrong with the name of an environment variable.</summary>
    public static string? ProblemOfVariable(string name)
    {
        if (name.Length == 0) return "the name of a variable must not be empty";
        return name.AsSpan().ContainsAny('=', '\0') ? "the name of a variable must not hold \"=\" or NUL" : null;
    }

    // What useradd(8) would refuse is not our matter; what breaks passwd(5) and messages is.
    private static string? ProblemOfAccount(string name) =>
        name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is ':' or '/') ? $"\"{SpecText.Printable(name)}\" is not a user or group" : null;

    private static string? ProblemOfOrigin(string text)
    {
        bool valid = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && uri.Scheme is "http" or "https"
            && text == $"{uri.Scheme}://{uri.Authority}";
        return valid ? null : $"\"{SpecText.Printable(text)}\" is not an origin such as \"https://dash.example.com\" (no path, no slash at the end)";
    }

    private static string? ProblemOfHttpUrl(string text)
    {
        if (Expansion.Problem(text) is { } problem) return problem;
        bool valid = Uri.TryCreate(WithPlaceholders(text), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";
        return valid ? null : $"\"{SpecText.Printable(text)}\" is not an http URL";
    }

    private static string? ProblemOfEndpoint(string text)
    {
        if (Expansion.Problem(text) is { } problem) return problem;
        string filled = WithPlaceholders(text);
        int colon = filled.LastIndexOf(':');
        bool valid = colon > 0 && ushort.TryParse(filled.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0;
        return valid ? null : $"\"{SpecText.Printable(text)}\" is not HOST:PORT";
    }

    private static string? ProblemOfPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException e)
        {
            return SpecText.Printable(e.Message);
        }
    }

    // "1" stands in for every variable: it fits as a host, a port and a path.
    private static string WithPlaceholders(string text) => new Expansion("1", 1, _ => "1").Expand(text);
}
