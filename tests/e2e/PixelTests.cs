namespace Sessiond.E2e.Tests;

/// <summary>The size of the controller's window in pixels (I4): in the winsize and in the engine's answers, without a change that is none.</summary>
public sealed class PixelTests
{
    /// <summary>For each byte that it reads it prints its winsize, how often that changed, and the engine's answer to the query of the size in pixels.</summary>
    private const string Asker = """
        import fcntl, os, signal, struct, termios, tty
        changes = 0
        def on_change(*_):
            global changes
            changes += 1
        signal.signal(signal.SIGWINCH, on_change)
        tty.setraw(0)
        os.write(1, b'READY')
        number = 0
        while os.read(0, 1):
            number += 1
            os.write(1, b'\033[14t')
            answer = b''
            while not answer.endswith(b't'):
                answer += os.read(0, 1)
            rows, columns, width, height = struct.unpack('HHHH', fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8)))
            os.write(1, f'<{number}: {columns}x{rows} {width}x{height} {answer[2:].decode()} {changes}>'.encode())
        """;

    private int _asked;

    [Fact]
    public async Task The_pixels_of_the_controllers_window_are_told_and_outlive_it_and_the_daemon()
    {
        Host.Require("python3");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("asker", ["python3", "-c", Asker]);
        await daemon.UntilScreenAsync("asker", "READY");
        await using (WireClient client = await daemon.AttachAsync("asker", "cols=100&rows=30&xpixel=900&ypixel=600"))
        {
            await client.MessageAsync("hello");
            Assert.Equal("100x30 900x600 4;600;900t 1", await AskAsync(daemon));
            await client.SendTextAsync("""{"type":"resize","cols":100,"rows":30,"xpixel":1000,"ypixel":750}""");
            await client.PingAsync(1);
            Assert.Equal("100x30 1000x750 4;750;1000t 2", await AskAsync(daemon));
            await client.SendTextAsync("""{"type":"profile","foreground":"#102030"}""");
            await client.PingAsync(2);
            Assert.Equal("100x30 1000x750 4;750;1000t 2", await AskAsync(daemon));
        }

        // Whoever does not tell them leaves a cell as large as it was.
        using HttpResponseMessage resized = await daemon.Http.PostAsync("v1/sessions/asker/resize", TestDaemon.Json("""{"cols":80,"rows":20}"""));
        Assert.True(resized.IsSuccessStatusCode);
        Assert.Equal("80x20 800x500 4;500;800t 3", await AskAsync(daemon));
        await daemon.CrashAsync();
        await Eventually.TrueAsync(async () => await daemon.FindSessionAsync("asker") is not null, "it is adopted");
        Assert.Equal("80x20 800x500 4;500;800t 3", await AskAsync(daemon));
    }

    private async Task<string> AskAsync(TestDaemon daemon)
    {
        await daemon.TypeAsync("asker", "?");
        string start = $"<{++_asked}: ";
        string log = "";
        await Eventually.TrueAsync(
            async () => (log = await daemon.Http.GetStringAsync("v1/sessions/asker/logs?format=raw")).IndexOf('>', Math.Max(0, log.IndexOf(start, StringComparison.Ordinal))) > 0
                && log.Contains(start, StringComparison.Ordinal),
            () => $"an answer; there is {log}");
        string answer = log[(log.IndexOf(start, StringComparison.Ordinal) + start.Length)..];
        return answer[..answer.IndexOf('>', StringComparison.Ordinal)];
    }
}
