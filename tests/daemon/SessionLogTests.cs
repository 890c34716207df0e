using System.Text;
using Sessiond.Daemon.Hooks;
using Sessiond.Daemon.Logs;
using Sessiond.Holder;
using Sessiond.Hooks.Secrets;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>A log between ring and disk: secrets are covered wherever they are cut, and byte = offset over any number of daemons.</summary>
public sealed class SessionLogTests : IDisposable
{
    /// <summary>Bytes of a ring, the smallest that has room beside a write.</summary>
    private const int Capacity = 2 * Journal.MaxWrite;

    private const int LineLength = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-log-").FullName;

    [Fact]
    public void I13_Values_that_begin_with_others_are_covered_in_pieces_of_any_length()
    {
        SecretMask mask = SecretMask.None.With(["admin", "admin-3f9c", "9cXY", "in-3Z"]);
        string[] words = ["admin", "-3f9c", "XY", "-3Z", "9", "c", " ", "a", "ad"];
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            byte[] stream = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(_ => words[random.Next(words.Length)])));
            byte[] covered = [.. stream];
            mask.Apply(covered);
            Journal journal = Journal.Create("e", Capacity);
            string folder = Path.Combine(_folder, $"seed-{seed}");
            var log = new SessionLog(new LogFiles(folder, 1 << 20), journal, static _ => { }, () => mask);
            for (int at = 0; at < stream.Length;)
            {
                int count = Math.Min(stream.Length - at, random.Next(1, 8));
                journal.Append(stream.AsSpan(at, count));
                at += count;
                Assert.Null(log.WriteNews(isLast: at == stream.Length));
            }

            Assert.Equal(Encoding.ASCII.GetString(covered), OnDisk(folder));
        }
    }

    [Fact]
    public void I13_The_end_of_a_log_that_is_written_in_several_pieces_has_no_values()
    {
        const string Value = "s3cr3t-0123456789";
        SecretMask mask = SecretMask.None.With([Value]);
        Journal journal = Journal.Create("e", Journal.DefaultCapacity);
        var log = new SessionLog(new LogFiles(Path.Combine(_folder, "end"), 1 << 20), journal, static _ => { }, () => mask);
        int count = Journal.DefaultCapacity / 2 / Value.Length;
        for (int i = 0; i < count; i++) journal.Append(Encoding.ASCII.GetBytes(Value));
        Assert.Null(log.WriteNews(isLast: true));
        Assert.Equal(new string('*', count * Value.Length), OnDisk(Path.Combine(_folder, "end")));
    }

    [Fact]
    public void I13_What_may_be_the_rest_of_a_value_after_a_gap_is_not_written()
    {
        const string Value = "s3cr3t-0123456789";
        SecretMask mask = SecretMask.None.With([Value]);
        Journal journal = Journal.Create("e", Capacity);
        var log = new SessionLog(new LogFiles(Path.Combine(_folder, "flood"), 1 << 20), journal, static _ => { }, () => mask);
        byte[] printed = Encoding.ASCII.GetBytes(Value);
        // The ring begins within a value at some of these.
        for (int i = 0; i < Capacity / Value.Length * 2; i++) journal.Append(printed);
        for (int i = 0; i < Value.Length; i++)
        {
            journal.Append("."u8);
            for (int j = 0; j < Capacity / Value.Length; j++) journal.Append(printed);
            Assert.Null(log.WriteNews(isLast: false));
        }

        Assert.Equal("", OnDisk(Path.Combine(_folder, "flood")).Replace("*", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal));
        Assert.True(log.TakeLost() > 0, "the ring was outrun");
    }

    [Fact]
    public async Task I13_Nothing_is_written_before_the_secrets_of_earlier_programs_are_known()
    {
        using var all = new SessionLogs(Path.Combine(_folder, "logs"), new LogsSpec(), static (_, _) => { }, waitsForMask: true);
        Journal journal = Journal.Create("e", Capacity);
        SessionLog log = all.Open("shell", journal);
        journal.Append("the key is s3cr3t-0123\n"u8);
        await all.FlushAsync([log]).WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(log.MaskIsKnown.IsCompleted);
        Assert.Equal("", OnDisk(Path.Combine(_folder, "logs", "shell")));
        all.Mask = all.Mask.With(["s3cr3t-0123"]);
        all.KnowMask();
        await log.MaskIsKnown.WaitAsync(TestContext.Current.CancellationToken);
        await all.FlushAsync([log]).WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("the key is ***********\n", OnDisk(Path.Combine(_folder, "logs", "shell")));
    }

    [Fact]
    public async Task The_log_of_a_hook_over_a_daemons_end_has_each_byte_at_its_offset_and_keeps_the_newest()
    {
        var spec = new LogsSpec { MaxSize = 1 << 20 };
        string logs = Path.Combine(_folder, "logs");
        int line = 0;
        for (int life = 0; life < 4; life++)
        {
            using var all = new SessionLogs(logs, spec, static (_, _) => { });
            var hook = new HookLog("build", all, $"life{life}");
            Assert.Equal((long)line * LineLength, hook.Journal.Written);
            // Half of what is kept in each life, and more than the ring holds.
            for (int end = line + ((1 << 19) / LineLength) + 2500; line < end; line++)
            {
                hook.Append(Encoding.ASCII.GetBytes(Line(line)));
                if (line % 1000 == 0) await all.FlushAsync([hook.Log]).WaitAsync(TestContext.Current.CancellationToken);
            }

            long last = CheckLines(hook.Log);
            Assert.Equal((long)line * LineLength, last);
            all.Finish();
        }

        IReadOnlyList<(long Offset, string Path)> files = new LogFiles(Path.Combine(_folder, "hooks", "build"), spec.MaxSize).List();
        Assert.Equal(0, files[0].Offset);
        Assert.EndsWith(Line(line - 1), File.ReadAllText(files[^1].Path), StringComparison.Ordinal);
        for (int i = 2; i < files.Count; i++) Assert.Equal(files[i].Offset, files[i - 1].Offset + new FileInfo(files[i - 1].Path).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Line(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(LineLength - 1) + "\n";

    /// <summary>Reads all of a log of lines that say where they are; returns the end.</summary>
    private static long CheckLines(SessionLog log)
    {
        byte[] buffer = new byte[LineLength * 1000];
        long position = 0;
        for (int count; (count = log.Read(position, buffer, out long offset)) > 0; position = offset + count)
        {
            for (int at = (int)(-offset & (LineLength - 1)); at + LineLength <= count; at += LineLength)
            {
                Assert.Equal(Line((int)((offset + at) / LineLength)), Encoding.ASCII.GetString(buffer, at, LineLength));
            }
        }

        return position;
    }

    private static string OnDisk(string folder) => string.Concat(new LogFiles(folder, 1 << 20).List().Select(file => File.ReadAllText(file.Path)));
}
