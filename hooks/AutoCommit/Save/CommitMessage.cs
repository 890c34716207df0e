using System.Text;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>The message of a save: the template's subject, shortened, and below it all files where the subject has no room for them.</summary>
internal static class CommitMessage
{
    /// <summary>Characters of a subject: what git log and forges show on a line.</summary>
    private const int SubjectLength = 72;

    /// <summary>Files that the subject names at most.</summary>
    private const int NamesInSubject = 5;

    /// <summary>Files that the body lists at most.</summary>
    private const int NamesInBody = 100;

    private const string Placeholder = "{files}";

    internal static string Of(string template, IReadOnlyList<ChangedFile> files)
    {
        string[] names = [.. files.Select(file => file.Path.Display)];
        if (!template.Contains(Placeholder, StringComparison.Ordinal)) return template + "\n";
        int room = SubjectLength - (template.Split('\n')[0].Length - Placeholder.Length);
        string list = Shorten(names, room, out bool isWhole);
        string message = template.Replace(Placeholder, list, StringComparison.Ordinal) + "\n";
        return isWhole ? message : message + "\n" + Body(files, names);
    }

    /// <summary>As many names as fit, at least one: <c>a.txt, b.txt and 3 more</c>.</summary>
    private static string Shorten(string[] names, int room, out bool isWhole)
    {
        int count = Math.Min(names.Length, NamesInSubject);
        while (count > 1 && Text(names, count).Length > room) count--;
        isWhole = count == names.Length;
        return Text(names, count);
    }

    private static string Text(string[] names, int count)
    {
        string list = string.Join(", ", names.Take(count));
        return count == names.Length ? list : $"{list} and {names.Length - count} more";
    }

    private static string Body(IReadOnlyList<ChangedFile> files, string[] names)
    {
        var body = new StringBuilder();
        for (int i = 0; i < Math.Min(names.Length, NamesInBody); i++) body.Append(files[i].Letter).Append(' ').Append(names[i]).Append('\n');
        if (names.Length > NamesInBody) body.Append($"and {names.Length - NamesInBody} more\n");
        return body.ToString();
    }
}
