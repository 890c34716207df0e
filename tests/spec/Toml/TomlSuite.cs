namespace Sessiond.Spec.Tests.Toml;

/// <summary>Finds the official toml-test suite, which is not part of this repository.</summary>
internal static class TomlSuite
{
    /// <summary>The folder that holds the suite's <c>tests</c> folder; wins over the place beside the repository.</summary>
    private const string Variable = "SESSIOND_TOML_TEST";

    /// <summary>Relative paths of all files of the suite for TOML 1.1; the test is skipped when there is none.</summary>
    public static IReadOnlyList<string> Files(string kind)
    {
        string? root = Root();
        Assert.SkipWhen(root is null, $"toml-test not found: neither ${Variable} nor shared/toml-test beside the repository");
        return [.. File.ReadLines(Path.Combine(root!, "files-toml-1.1.0"))
            .Where(line => line.StartsWith(kind + "/", StringComparison.Ordinal) && line.EndsWith(".toml", StringComparison.Ordinal))
            .Select(line => Path.Combine(root!, line))];
    }

    private static string? Root()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given)) return Existing(given);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "toml-test")) is { } found) return found;
        }

        return null;
    }

    private static string? Existing(string suite)
    {
        string tests = Path.Combine(suite, "tests");
        return File.Exists(Path.Combine(tests, "files-toml-1.1.0")) ? tests : null;
    }
}
