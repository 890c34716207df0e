using Sessiond.Daemon.Logs;

namespace Sessiond.Daemon.Tests;

/// <summary>The index of times beside a log.</summary>
public sealed class LogMarksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-marks-").FullName;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(23)]
    public void T86_A_record_that_a_full_disk_cut_is_written_over_and_what_comes_after_it_is_kept(int cut)
    {
        var before = new LogMarks(() => _folder);
        before.Add(1, 1000, 80, 24);
        before.Save();
        using (var file = new FileStream(Path.Combine(_folder, "times"), FileMode.Append)) file.Write(new byte[cut]);

        var after = new LogMarks(() => _folder);
        after.Add(2, 2000, 80, 24);
        after.Save();
        after.Add(3, 3000, 100, 30);
        after.Save();
        Assert.False(after.HasUnsaved);
        Assert.Equal([new LogMark(1, 1000, 80, 24), new LogMark(2, 2000, 80, 24), new LogMark(3, 3000, 100, 30)], new LogMarks(() => _folder).Read());
    }

    [Fact]
    public void What_the_disk_does_not_take_stays_in_memory_for_the_next_time()
    {
        // A disk that is always full.
        File.CreateSymbolicLink(Path.Combine(_folder, "times"), "/dev/full");
        var marks = new LogMarks(() => _folder);
        marks.Add(1, 1000, 80, 24);
        Assert.ThrowsAny<IOException>(marks.Save);
        Assert.True(marks.HasUnsaved);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
