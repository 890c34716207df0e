namespace Sessiond.Cli.Client;

/// <summary>Paths below /v1/sessions.</summary>
internal static class SessionPath
{
    internal const string All = "v1/sessions";

    // docs/spec.md: names are [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
    private const int MaxNameChars = 64;

    /// <summary>True when a session may bear this name.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The path of one session, or of something of it.</summary>
    /// <exception cref="CliException">No session can bear this name; asking for it could reach another path.</exception>
    public static string Of(string name, string? below = null)
    {
        if (!IsName(name))
        {
            throw new CliException(ExitCode.Usage, $"not a session name: {Output.SafeText.Of(name)} (letters, digits, '.', '_' and '-', at most {MaxNameChars}, first a letter or digit)");
        }

        return below is null ? $"{All}/{name}" : $"{All}/{name}/{below}";
    }
}
