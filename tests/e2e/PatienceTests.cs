using System.Globalization;

namespace Sessiond.E2e.Tests;

/// <summary>Clients that are away for a minute and more, in real time.</summary>
public sealed class PatienceTests
{
    /// <summary>docs/protocol.md: 90 s in which nothing is taken or acknowledged.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>T49: a command line that was stopped for a minute beside a flood cost nobody anything, and shows the true screen when it goes on.</summary>
    [Fact]
    public async Task T49_A_terminal_that_was_stopped_for_a_minute_shows_the_true_screen()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["bash", "-c", "trap 'printf \"\\033[H\\033[2J\\033[1;31mEND\"; exec cat' INT; read go; yes"]);
        await daemon.NewAsync("other", ["cat"]);
        await using WireClient other = await daemon.AttachAsync("other");
        await using PtyProgram terminal = daemon.OnTerminal("attach", "flood");
        await terminal.UntilAsync(PtyProgram.Attached);
        terminal.Type("\r");
        await terminal.UntilAsync("y\r\ny\r\n");
        terminal.Signal(SignalNames.Stop);
        long flooded = (await daemon.SessionAsync("flood")).Offset;
        long memory = 0;
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; TimeProvider.System.GetElapsedTime(start).TotalSeconds < 60; i++)
        {
            await other.TypeAsync($"echo {i}\r");
            await other.UntilAsync($"echo {i}\r\necho {i}\r\n");
            await Task.Delay(TimeSpan.FromSeconds(1));
            // By then the scrollback has its full size.
            if (memory == 0 && TimeProvider.System.GetElapsedTime(start).TotalSeconds > 20) memory = ResidentKilobytes(daemon.DaemonPid);
        }

        Assert.InRange(ResidentKilobytes(daemon.DaemonPid), 0, memory + 15_000);
        Assert.True((await daemon.SessionAsync("flood")).Offset > flooded + 60_000_000, "the flood goes on");
        await daemon.TypeAsync("flood", "\x03");
        await daemon.UntilScreenAsync("flood", "END");
        int stopped = terminal.Output.Length;
        terminal.Signal(SignalNames.Continue);
        await terminal.UntilAsync("END", stopped);
        terminal.Type("still here\r");
        await terminal.UntilAsync("still here\r\nstill here", stopped);
        await Eventually.TrueAsync(
            async () => Judge.Engine(terminal.Output.ToArray(), 80, 24).Contains((await daemon.ScreenAsync("flood")).Split('\n')[0], StringComparison.Ordinal),
            "the terminal shows the session's screen");
        Assert.DoesNotContain("connection lost", terminal.Output.Text(), StringComparison.Ordinal);
    }

    /// <summary>A client that lives and answers, but takes nothing of what is there for it, or acknowledges none of it, is told so after a minute and a half.</summary>
    [Fact]
    public async Task A_client_that_makes_no_progress_is_closed_with_4008()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("flood", ["sh", "-c", "read go; exec yes"]);
        await using WireClient deaf = await daemon.AttachAsync("flood", "mode=observe&ping=2&scrollback=0", keepsOutput: false);
        await using WireClient silent = await daemon.AttachAsync("flood", "mode=observe&ping=2&scrollback=0", keepsOutput: false);
        await using WireClient good = await daemon.AttachAsync("flood", "mode=observe&ping=2&scrollback=0", keepsOutput: false);
        foreach (WireClient client in new[] { deaf, silent, good }) await client.MessageAsync("hello");
        await silent.SendTextAsync("""{"type":"ack","offset":0}""");
        deaf.Stall();
        await daemon.TypeAsync("flood", "\r");
        long start = TimeProvider.System.GetTimestamp();
        using var over = new CancellationTokenSource();
        Task alive = SayAsync(deaf, over.Token);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("flood")).Observers == 1, "two of them are gone", Patience);
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        await over.CancelAsync();
        await alive;
        deaf.GoOn();
        Assert.Equal(4008, await silent.CloseCodeAsync());
        Assert.Equal(4008, await deaf.CloseCodeAsync());
        Assert.InRange(seconds, 85, 150);
        await good.PingAsync(1);
    }

    /// <summary>Says something now and then, so that the client does not count as dead.</summary>
    private static async Task SayAsync(WireClient client, CancellationToken over)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            while (await timer.WaitForNextTickAsync(over)) await client.SendTextAsync("""{"type":"ping","id":9}""");
        }
        catch (OperationCanceledException)
        {
            // The test has seen what it wants.
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // The daemon has closed it meanwhile.
        }
    }

    private static long ResidentKilobytes(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
