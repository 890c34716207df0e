namespace Sessiond.Terminal.Tests;

/// <summary>The files in sequences/, each case in each <see cref="SequenceWay"/>.</summary>
public sealed class SequenceTests
{
    public static TheoryData<string, SequenceWay> Files()
    {
        var data = new TheoryData<string, SequenceWay>();
        foreach (string path in Directory.GetFiles(Path.Combine(TestFiles.Folder, "sequences"), "*.test").Order())
        {
            foreach (SequenceWay way in Enum.GetValues<SequenceWay>())
            {
                data.Add(Path.GetFileName(path), way);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Do_what_their_documents_say(string file, SequenceWay way)
    {
        var cases = SequenceFile.Read(Path.Combine(TestFiles.Folder, "sequences", file));
        Assert.NotEmpty(cases);
        List<string> failures = [];
        foreach ((string name, var steps) in cases)
        {
            try
            {
                new SequenceRun(way).Run(steps);
            }
            catch (InvalidOperationException failure)
            {
                failures.Add($"{file}, {name}: {failure.Message}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
