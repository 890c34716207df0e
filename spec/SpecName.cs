namespace Sessiond.Spec;

/// <summary>Names of sessions and hooks: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>.</summary>
/// <remarks>They become file names and parts of URLs, and are printed to terminals.</remarks>
public static class SpecName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule, for messages.</summary>
    public const string Rule = "a letter or digit, then letters, digits, \".\", \"_\" or \"-\", at most 64 characters";

    /// <summary>Whether a text is a name.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
