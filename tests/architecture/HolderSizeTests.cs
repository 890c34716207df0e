using System.Text.RegularExpressions;

namespace Sessiond.Architecture.Tests;

/// <summary>The holder is what is hardest to replace: what runs in it, with its protocol, stays small enough to be read in one sitting.</summary>
public sealed partial class HolderSizeTests
{
    /// <summary>Lines that are neither blank nor a comment alone.</summary>
    private const int Limit = 800;

    [Fact]
    public void The_holder_with_its_protocol_is_below_800_lines()
    {
        string holder = Path.Combine(RepositoryRoot.Path, "holder");
        string[] files =
        [
            Path.Combine(holder, "HolderProgram.cs"),
            .. Directory.GetFiles(Path.Combine(holder, "Core"), "*.cs"),
            .. Directory.GetFiles(Path.Combine(holder, "Protocol"), "*.cs"),
        ];
        int lines = files.Sum(file => File.ReadLines(file).Count(line => !NoCode().IsMatch(line)));
        Assert.True(files.Length > 10, "these are the holder's files");
        Assert.True(lines < Limit, $"the holder has {lines} lines");
    }

    [GeneratedRegex(@"^\s*(//.*)?$")]
    private static partial Regex NoCode();
}
