using System.Net;
using System.Text.RegularExpressions;

namespace Sessiond.Architecture.Tests;

/// <summary>CODE-MAP.md: each source file with one sentence, by folder.</summary>
internal static partial class CodeMap
{
    private const string Preface = """
        # Code map

        One line for each source file. A C# file's line is the first sentence of its summary; the others are written here.
        After adding a file: `SESSIOND_UPDATE_DOCS=1 dotnet run --project tests/architecture` adds its line.

        """;

    private static readonly string[] Extensions = [".cs", ".ts", ".mjs", ".sh"];
    private static readonly string[] NotOurs = ["artifacts", "node_modules", "dist", "out", "run", "bin", "obj", ".git"];

    /// <summary>The page.</summary>
    internal static string Page { get; } = Path.Combine(RepositoryRoot.Path, "CODE-MAP.md");

    /// <summary>Every source file, relative to the root, in the page's order.</summary>
    internal static IEnumerable<string> Sources() =>
        Under(RepositoryRoot.Path).Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)).Order(StringComparer.Ordinal);

    /// <summary>What the page says: path and sentence.</summary>
    internal static Dictionary<string, string> Read()
    {
        var lines = new Dictionary<string, string>();
        string folder = "";
        foreach (string line in File.Exists(Page) ? File.ReadLines(Page) : [])
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) folder = line[3..].TrimEnd('/');
            if (Entry().Match(line) is { Success: true } entry) lines.Add($"{folder}/{entry.Groups[1].Value}", entry.Groups[2].Value);
        }

        return lines;
    }

    /// <summary>Writes the page: summaries anew, what people wrote as it was.</summary>
    internal static void Write()
    {
        Dictionary<string, string> known = Read();
        var page = new StringWriter();
        page.Write(Preface);
        foreach (IGrouping<string, string> folder in Sources().GroupBy(source => source[..Math.Max(0, source.LastIndexOf('/'))]))
        {
            page.Write($"\n## {folder.Key}/\n\n");
            foreach (string source in folder) page.Write($"* `{Path.GetFileName(source)}` {SummaryOf(source) ?? known.GetValueOrDefault(source, "")}\n");
        }

        File.WriteAllText(Page, page.ToString());
    }

    private static IEnumerable<string> Under(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => Extensions.Contains(Path.GetExtension(file)))) yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))))
        {
            foreach (string file in Under(inner)) yield return file;
        }
    }

    /// <summary>The first sentence of the summary of the file's type; null when it has none.</summary>
    private static string? SummaryOf(string source)
    {
        if (!source.EndsWith(".cs", StringComparison.Ordinal)) return null;
        if (TypeSummary().Match(File.ReadAllText(Path.Combine(RepositoryRoot.Path, source))) is not { Success: true } match) return null;
        string text = LineStart().Replace(match.Groups[1].Value, " ");
        text = Reference().Replace(text, found => $"`{found.Groups[1].Value}`");
        text = WebUtility.HtmlDecode(Tag().Replace(text, "`")).Trim();
        return SentenceEnd().Split(Spaces().Replace(text, " "))[0].TrimEnd('.', ':') + ".";
    }

    [GeneratedRegex(@"^\* `([^`]+)` ?(.*)$")]
    private static partial Regex Entry();

    // At the line's start: a type's, since namespaces are file-scoped.
    [GeneratedRegex(@"^/// <(?:summary|content)>(.*?)</(?:summary|content)>", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex TypeSummary();

    [GeneratedRegex(@"\s*^///", RegexOptions.Multiline)]
    private static partial Regex LineStart();

    [GeneratedRegex("<(?:see cref|see langword|paramref name|see href)=\"(?:.:)?([^\"]*)\" ?/>")]
    private static partial Regex Reference();

    [GeneratedRegex("</?[a-z]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=[.:]) (?=[A-Z`])")]
    private static partial Regex SentenceEnd();
}
