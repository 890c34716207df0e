using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec;

/// <summary>The legal keys as the tables of <c>docs/spec.md</c>.</summary>
internal static class SpecReference
{
    /// <summary>Writes a heading and a table of keys for each table of the spec.</summary>
    public static void WriteMarkdown(TextWriter output)
    {
        foreach (SpecTable table in RootKeys.All)
        {
            output.Write($"### {(table.Name.Length == 0 ? "Top level" : $"`[{table.Name}]`")}\n\n{Sentence(table.Doc)}\n\n");
            output.Write("| key | type | default | |\n| --- | --- | --- | --- |\n");
            foreach (SpecKey key in table.Keys)
            {
                string aliases = string.Concat(key.Aliases.Select(alias => $" (also `{alias}`)"));
                output.Write($"| `{key.Name}`{aliases} | {Cell(key.Label)} | {Cell(Default(key))} | {Cell(key.Doc)} |\n");
            }

            output.Write('\n');
        }
    }

    private static string Default(SpecKey key) => key.Default switch
    {
        null => "required",
        ['(', .. var prose, ')'] => prose,
        var toml => $"`{toml}`",
    };

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    // A bar would end the cell, in code too.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
