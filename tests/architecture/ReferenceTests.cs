using System.Xml.Linq;

namespace Sessiond.Architecture.Tests;

/// <summary>Who may reference whom: the table of docs/architecture.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["terminal"] = [],
        ["pty"] = [],
        ["spec"] = [],
        ["hooks"] = ["pty", "spec"],
        ["holder"] = ["pty"],
        ["daemon"] = ["terminal", "pty", "spec", "hooks", "holder"],
        ["cli"] = ["daemon", "holder", "spec", "pty"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        IEnumerable<string> references = Elements(project, "ProjectReference")
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path.Replace('\\', '/')))!);
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void Every_project_is_in_the_table()
    {
        IEnumerable<string> projects = Directory.EnumerateFiles(RepositoryRoot.Path, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))
            .Where(path => path.Split('/') is [var folder, _] && folder is not ("artifacts" or "tests"))
            .Select(path => path.Split('/')[0]);
        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Fact]
    public void Each_third_party_package_appears_in_exactly_one_project()
    {
        var users = Allowed.Keys
            .SelectMany(project => Elements(project, "PackageReference").Select(package => (package, project)))
            .GroupBy(pair => pair.package);
        Assert.All(users, group => Assert.Single(group));
    }

    [Fact]
    public void Only_pty_imports_from_the_c_library()
    {
        IEnumerable<string> importers = Allowed.Keys.Except(["pty"])
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("LibraryImport") || text.Contains("DllImport")));
        Assert.Empty(importers);
    }

    private static IEnumerable<string> Elements(string project, string element)
    {
        string file = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, project), "*.csproj").Single();
        return XDocument.Load(file).Descendants(element).Select(item => (string)item.Attribute("Include")!);
    }
}
