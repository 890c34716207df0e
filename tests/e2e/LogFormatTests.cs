using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Sessiond.E2e.Tests;

/// <summary>Logs as a recording that plays, and all of them in one download.</summary>
public sealed class LogFormatTests
{
    [Fact]
    public async Task A_cast_has_the_output_with_its_times_and_sizes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", shell: "stty -echo; printf 'one\\303\\251'; read line; printf 'two'; exec cat", columns: 90, rows: 20);
        await daemon.UntilScreenAsync("shell", "oneé");
        using HttpResponseMessage resize = await daemon.Http.PostAsync("/v1/sessions/shell/resize", TestDaemon.Json("{\"cols\":100,\"rows\":30}"));
        Assert.True(resize.IsSuccessStatusCode);
        await daemon.TypeAsync("shell", "\n");
        await daemon.UntilScreenAsync("shell", "two");
        string[] lines = (await daemon.CliAsync("logs", "shell", "--format", "cast")).Expect(0).Out.TrimEnd().Split('\n');
        using JsonDocument header = JsonDocument.Parse(lines[0]);
        Assert.Equal(2, header.RootElement.GetProperty("version").GetInt32());
        Assert.Equal((90, 20), (header.RootElement.GetProperty("width").GetInt32(), header.RootElement.GetProperty("height").GetInt32()));
        var events = lines[1..].Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.StartsWith("oneétwo", string.Concat(events.Where(e => e[1].GetString() == "o").Select(e => e[2].GetString())), StringComparison.Ordinal);
        Assert.Equal("100x30", Assert.Single(events, e => e[1].GetString() == "r")[2].GetString());
        double[] times = [.. events.Select(e => e[0].GetDouble())];
        Assert.Equal(times.Order(), times);
        Assert.True(times[^1] > times[0]);
    }

    [Fact]
    public async Task Logs_of_earlier_lives_are_kept_as_many_as_the_spec_says()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [logs]
            keep = 2
            [[sessions]]
            name = "busy"
            command = "echo life $(cat life); stty -echo; exec cat"
            """);
        for (int life = 1; life <= 4; life++)
        {
            if (life > 1)
            {
                daemon.Process.Signal(SignalNames.Terminate);
                await daemon.Process.ExitCodeAsync();
                await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "life"), $"{life}");
                await daemon.StartAgainAsync();
            }

            await daemon.UntilScreenAsync("busy", life == 1 ? "life" : $"life {life}");
            // A run more in the same life is in the same log, over a crash as well.
            await daemon.PostAsync("v1/sessions/busy/restart");
            await daemon.UntilStateAsync("busy", "running");
            await daemon.CrashAsync();
            await daemon.TypeAsync("busy", $"typed in {life}\r");
            await daemon.UntilScreenAsync("busy", $"typed in {life}");
        }

        string now = (await daemon.CliAsync("logs", "busy")).Expect(0).Out;
        string before = (await daemon.CliAsync("logs", "busy", "--run", "1")).Expect(0).Out;
        string first = (await daemon.CliAsync("logs", "busy", "--run", "2", "--format", "raw")).Expect(0).Out;
        Assert.Contains("typed in 4", now, StringComparison.Ordinal);
        Assert.Contains("typed in 3", before, StringComparison.Ordinal);
        Assert.DoesNotContain("typed in 4", before, StringComparison.Ordinal);
        Assert.Contains("typed in 2", first, StringComparison.Ordinal);
        Assert.DoesNotContain("typed in 3", first, StringComparison.Ordinal);
        Assert.Contains("\"o\"", (await daemon.CliAsync("logs", "busy", "--run", "1", "--format", "cast")).Expect(0).Out, StringComparison.Ordinal);
        CliResult none = await daemon.CliAsync("logs", "busy", "--run", "3");
        Assert.Contains("no log of 3 lives ago", none.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, none.ExitCode);
        IReadOnlyDictionary<string, string> entries = await DownloadAsync(daemon);
        Assert.Contains("typed in 4", entries["sessions/busy/00000000000000000000.raw"], StringComparison.Ordinal);
        Assert.Contains("typed in 3", entries["sessions/busy/earlier-1/00000000000000000000.raw"], StringComparison.Ordinal);
        Assert.Contains("typed in 2", entries["sessions/busy/earlier-2/00000000000000000000.raw"], StringComparison.Ordinal);
        await daemon.TerminateAsync("busy");
        Assert.False(Directory.Exists(Path.Combine(daemon.StateDir, "logs", "busy")));
    }

    [Fact]
    public async Task A_log_that_is_followed_has_no_gap_also_when_its_reader_is_far_behind()
    {
        const int Lines = 400_000; // 2.9 MB: more than the ring holds, and less than the files do
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", shell: $"read go; seq 1 {Lines}; exec cat");
        using HttpResponseMessage follow = await daemon.Http.GetAsync("v1/sessions/flood/logs?format=raw&follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await follow.Content.ReadAsStreamAsync());
        await daemon.TypeAsync("flood", "\r");
        // Nobody reads until all is printed.
        await daemon.UntilScreenAsync("flood", $"{Lines}");
        Assert.Equal("", await reader.ReadLineAsync().WaitAsync(Host.Patience));
        for (int line = 1; line <= Lines; line++)
        {
            string? read = await reader.ReadLineAsync().WaitAsync(Host.Patience);
            if (read != $"{line}") Assert.Fail($"line {line} is {read}");
        }

        await daemon.TypeAsync("flood", "and on\r");
        // Once as typed, once as cat prints it.
        Assert.Equal("and on", await reader.ReadLineAsync().WaitAsync(Host.Patience));
        Assert.Equal("and on", await reader.ReadLineAsync().WaitAsync(Host.Patience));
        await daemon.TerminateAsync("flood");
        Assert.Equal("", (await reader.ReadToEndAsync().WaitAsync(Host.Patience)).Trim());
    }

    [Fact]
    public async Task One_download_has_every_log()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("first", shell: "printf alpha; exec cat");
        await daemon.NewAsync("second", shell: "printf beta");
        await daemon.UntilScreenAsync("first", "alpha");
        await daemon.UntilStateAsync("second", "stopped");
        IReadOnlyDictionary<string, string> entries = await DownloadAsync(daemon);
        Assert.Equal("alpha", entries["sessions/first/00000000000000000000.raw"]);
        Assert.Equal("beta", entries["sessions/second/00000000000000000000.raw"]);
        Assert.Contains("session first: started", entries["daemon/sessiond.log"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_download_ends_while_a_session_floods()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", shell: "exec yes");
        await daemon.UntilScreenAsync("flood", "y");
        long before = (await daemon.SessionAsync("flood")).Offset;
        using var patience = new CancellationTokenSource(Host.Patience);
        IReadOnlyDictionary<string, string> entries = await DownloadAsync(daemon).WaitAsync(patience.Token);
        Assert.Contains(entries.Keys, name => name.StartsWith("sessions/flood/", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Offset > before, "the flood went on");
    }

    private static async Task<IReadOnlyDictionary<string, string>> DownloadAsync(TestDaemon daemon)
    {
        var entries = new Dictionary<string, string>();
        using Stream body = await daemon.Http.GetStreamAsync("/v1/logs.tar.gz");
        await using var tar = new TarReader(new GZipStream(body, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var text = new MemoryStream();
            if (entry.DataStream is { } data) await data.CopyToAsync(text);
            entries[entry.Name] = Encoding.UTF8.GetString(text.ToArray());
        }

        return entries;
    }
}
