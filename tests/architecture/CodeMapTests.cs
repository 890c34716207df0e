namespace Sessiond.Architecture.Tests;

/// <summary>CODE-MAP.md is complete: a newcomer finds every file in it, and no file that is gone.</summary>
public sealed class CodeMapTests
{
    private static readonly Dictionary<string, string> Lines = ReadLines();

    [Fact]
    public void Every_source_file_has_a_line() => Assert.Empty(CodeMap.Sources().Except(Lines.Keys));

    [Fact]
    public void Every_line_has_a_source_file() => Assert.Empty(Lines.Keys.Except(CodeMap.Sources()));

    [Fact]
    public void Every_line_says_something() => Assert.Empty(Lines.Where(line => line.Value.Length == 0).Select(line => line.Key));

    private static Dictionary<string, string> ReadLines()
    {
        if (Environment.GetEnvironmentVariable("SESSIOND_UPDATE_DOCS") == "1") CodeMap.Write();
        return CodeMap.Read();
    }
}
