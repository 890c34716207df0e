namespace Sessiond.Terminal.Tests;

/// <summary>terminal/SEQUENCES.md is true: each sequence names its document, and a file of cases that is there.</summary>
public sealed class SequenceListTests
{
    [Fact]
    public void Each_sequence_names_a_document_and_a_test_that_exists()
    {
        string[] lines = File.ReadAllLines(Path.Combine(TestFiles.Folder, "..", "..", "terminal", "SEQUENCES.md"));
        string[][] rows = [.. lines.Where(static line => line.StartsWith('|') && !line.StartsWith("| ---", StringComparison.Ordinal))
            .Select(static line => line.Replace("\\|", "!", StringComparison.Ordinal).Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells[^1] != "test")];
        Assert.True(rows.Length > 60, $"{rows.Length} rows");
        Assert.All(rows, static cells =>
        {
            Assert.NotEqual("", cells[^2]);
            Assert.All(cells[^1].Split(", "), static name =>
                Assert.True(File.Exists(Path.Combine(TestFiles.Folder, "sequences", name + ".test")), $"no sequences/{name}.test"));
        });
    }
}
