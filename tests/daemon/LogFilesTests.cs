using Sessiond.Daemon.Logs;

namespace Sessiond.Daemon.Tests;

/// <summary>A session's log on disk: byte = offset, bounded, head and newest kept.</summary>
public sealed class LogFilesTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("sessiond-logs-").FullName, "session");

    [Fact]
    public void What_is_appended_is_there_under_its_offset_and_private()
    {
        using var files = new LogFiles(_folder, 1 << 20);
        files.Append(0, "hello "u8, isGap: false);
        files.Append(6, "world"u8, isGap: false);
        (long offset, string path) = Assert.Single(files.List());
        Assert.Equal(0, offset);
        Assert.Equal("hello world", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void I11_The_size_is_bounded_and_the_head_and_the_newest_stay()
    {
        const long MaxSize = 8 * 4096;
        using var files = new LogFiles(_folder, MaxSize);
        byte[] block = new byte[1024];
        long offset = 0;
        for (int i = 0; i < 1000; i++)
        {
            Array.Fill(block, (byte)i);
            files.Append(offset, block, isGap: false);
            offset += block.Length;
        }

        IReadOnlyList<(long Offset, string Path)> kept = files.List();
        long size = kept.Sum(file => new FileInfo(file.Path).Length);
        Assert.InRange(size, MaxSize / 2, MaxSize + 4096);
        Assert.Equal(0, kept[0].Offset);
        Assert.Equal(0, File.ReadAllBytes(kept[0].Path)[0]);
        (long last, string lastPath) = kept[^1];
        Assert.Equal(offset, last + new FileInfo(lastPath).Length);
        for (int i = 2; i < kept.Count; i++) Assert.Equal(kept[i].Offset, kept[i - 1].Offset + new FileInfo(kept[i - 1].Path).Length);
    }

    [Fact]
    public void A_gap_begins_a_file_of_its_own_so_that_offsets_hold()
    {
        using var files = new LogFiles(_folder, 1 << 20);
        files.Append(0, "before"u8, isGap: false);
        files.Append(1000, "after"u8, isGap: true);
        Assert.Equal([0L, 1000L], files.List().Select(file => file.Offset));
    }

    [Fact]
    public void Earlier_lives_are_put_aside_as_many_as_are_kept()
    {
        for (int life = 1; life <= 5; life++)
        {
            using var files = new LogFiles(_folder, 1 << 20, keep: 3, epoch: $"life{life}");
            Assert.Null(files.Continue());
            files.Append(0, System.Text.Encoding.ASCII.GetBytes($"printed in {life}"), isGap: false);
            // The same life goes on after a crash of the daemon.
            using var again = new LogFiles(_folder, 1 << 20, keep: 3, epoch: $"life{life}");
            Assert.Equal(12, again.Continue());
            again.Append(12, "!"u8, isGap: false);
        }

        Assert.Equal("printed in 5!", Text(_folder));
        Assert.Equal(["printed in 4!", "printed in 3!", "printed in 2!"], Enumerable.Range(1, 3).Select(age => Text(LogFiles.EarlierFolder(_folder, age))));
        Assert.False(Directory.Exists(LogFiles.EarlierFolder(_folder, 4)));

        static string Text(string folder)
        {
            byte[] buffer = new byte[64];
            return System.Text.Encoding.ASCII.GetString(buffer, 0, new EarlierLog(folder).Read(0, buffer, out _));
        }
    }

    [Fact]
    public void A_name_that_somebody_had_before_brings_nothing_of_theirs()
    {
        string other = _folder + "-other";
        using (var before = new LogFiles(other, 1 << 20)) before.Append(0, "somebody else's"u8, isGap: false);
        using var files = new LogFiles(_folder, 1 << 20);
        files.Append(0, "mine"u8, isGap: false);
        files.Rename(other);
        files.Append(4, " too"u8, isGap: false);
        Assert.Equal("mine too", File.ReadAllText(Assert.Single(files.List()).Path));
    }

    [Fact]
    public void A_new_life_of_the_same_name_begins_anew()
    {
        using (var first = new LogFiles(_folder, 1 << 20))
        {
            first.Append(0, "an earlier container"u8, isGap: false);
            first.Append(5000, "more"u8, isGap: true);
        }

        using var second = new LogFiles(_folder, 1 << 20);
        second.Append(0, "fresh"u8, isGap: false);
        Assert.Equal("fresh", File.ReadAllText(Assert.Single(second.List()).Path));
    }

    [Fact]
    public void Rename_moves_and_delete_removes()
    {
        using var files = new LogFiles(_folder, 1 << 20);
        files.Append(0, "text"u8, isGap: false);
        files.Rename(_folder + "-new");
        Assert.False(Directory.Exists(_folder));
        files.Append(4, " goes on"u8, isGap: false);
        Assert.Equal("text goes on", File.ReadAllText(Assert.Single(files.List()).Path));
        files.Delete();
        Assert.False(Directory.Exists(_folder + "-new"));
        Assert.Empty(files.List());
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
}
