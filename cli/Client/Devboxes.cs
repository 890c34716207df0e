using Sessiond.Cli.Output;
using Sessiond.Spec;
using Sessiond.Spec.Toml;

namespace Sessiond.Cli.Client;

/// <summary>Reads <c>devboxes.toml</c>: a table for each devbox, with <c>url</c>, <c>token_file</c> and <c>resume</c>.</summary>
internal static class Devboxes
{
    /// <summary>Where the file is: the user's folder for configuration.</summary>
    public static string? FileOf(Func<string, string?> environment)
    {
        if (environment("XDG_CONFIG_HOME") is { Length: > 0 } configuration) return Path.Combine(configuration, "sessiond", "devboxes.toml");
        return environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "sessiond", "devboxes.toml") : null;
    }

    /// <summary>Reads the file; none when there is no file.</summary>
    /// <exception cref="CliException">It cannot be read, or is wrong.</exception>
    public static IReadOnlyList<Devbox> Read(string? file)
    {
        if (file is null || !File.Exists(file)) return [];
        try
        {
            return Parse(File.ReadAllBytes(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, e.Message, e);
        }
    }

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="CliException">It is wrong; the message has all errors, one a line.</exception>
    public static IReadOnlyList<Devbox> Parse(ReadOnlySpan<byte> utf8, string file)
    {
        TomlDocument document = TomlReader.Read(utf8, file);
        var errors = new List<SpecError>(document.Errors);
        var devboxes = new List<Devbox>();
        foreach (TomlEntry entry in document.Root.Entries)
        {
            if (entry.Value is TomlTable table) devboxes.Add(ReadDevbox(entry.Key, table, errors));
            else errors.Add(ErrorAt(entry.KeyPosition, $"{entry.Key} is {entry.Value.Description}; a devbox is a table with url, token_file and resume"));
        }

        if (errors.Count == 0) return devboxes;
        throw new CliException(ExitCode.Failed, string.Join('\n', errors.Select(error => SafeText.Of(error.ToString()))));
    }

    private static Devbox ReadDevbox(string name, TomlTable table, List<SpecError> errors)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Key is not ("url" or "token_file" or "resume"))
            {
                errors.Add(ErrorAt(entry.KeyPosition, $"unknown key {entry.Key}; a devbox has url, token_file and resume"));
            }
            else if (entry.Value is not TomlString) errors.Add(ErrorAt(entry.Value.Position, $"{entry.Key} is {entry.Value.Description}; it must be a string"));
        }

        if (!table.TryGet("url", out TomlEntry _)) errors.Add(ErrorAt(table.Position, $"devbox {name} has no url"));
        return new Devbox(name, Text("url") ?? "", Text("token_file") is { } token ? Expand(token) : null, Text("resume"));

        string? Text(string key) => table.TryGet(key, out TomlString? text) ? text.Value : null;
    }

    private static string Expand(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;

    private static SpecError ErrorAt(SourcePosition position, string message) => new(position.File, position.Line, position.Column, message);
}
