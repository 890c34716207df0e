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
    public async Task One_download_has_every_log()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("first", shell: "printf alpha; exec cat");
        await daemon.NewAsync("second", shell: "printf beta");
        await daemon.UntilScreenAsync("first", "alpha");
        await daemon.UntilStateAsync("second", "stopped");
        var entries = new Dictionary<string, string>();
        using Stream body = await daemon.Http.GetStreamAsync("/v1/logs.tar.gz");
        await using var tar = new TarReader(new GZipStream(body, CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var text = new MemoryStream();
            if (entry.DataStream is { } data) await data.CopyToAsync(text);
            entries[entry.Name] = Encoding.UTF8.GetString(text.ToArray());
        }

        Assert.Equal("alpha", entries["sessions/first/00000000000000000000.raw"]);
        Assert.Equal("beta", entries["sessions/second/00000000000000000000.raw"]);
        Assert.Contains("session first: started", entries["daemon/sessiond.log"], StringComparison.Ordinal);
    }
}
