using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>Text of a file that knows nothing of our variables.</summary>
internal static class Literal
{
    /// <summary>A value in which <c>${…}</c> stays what it is.</summary>
    public static TomlString Of(SourcePosition position, string text) =>
        new(position, text.Replace("${", "$${", StringComparison.Ordinal));
}
