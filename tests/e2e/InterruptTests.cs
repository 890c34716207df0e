using System.Text;

namespace Sessiond.E2e.Tests;

/// <summary>^C of a slow client under a flood: what is on its way to the client, and cannot be skipped any more, is little.</summary>
public sealed class InterruptTests
{
    private const double BytesPerSecond = 1e6;

    /// <summary>Bytes that the slow line brings at once.</summary>
    private const int Packet = 4096;

    /// <summary>
    /// At 1 MB/s 100 ms, in which a prompt seems to be there at once, and half as much again for what flows while a loaded machine gets round to the key (`make bench` has the time
    /// on a quiet one). Without a pace of its own each connection had 150 to 600 KB on its way.
    /// </summary>
    private const int MostBefore = 150_000;

    private const string SetPrompt = "PS1='PRO''MPT> '; clear; yes\r";

    [Theory]
    [InlineData(null, "")]
    [InlineData("raw.sessiond.v1", "")]
    [InlineData("v5.channel.k8s.io", "\0")]
    [InlineData("sessiond.v1", "\0")]
    public async Task A_slow_client_that_interrupts_a_flood_sees_the_prompt_at_once(string? dialect, string inputPrefix)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", ["bash", "--norc", "--noprofile"]);
        await daemon.UntilScreenAsync("shell", "bash-");
        using WebSocketUpgrade slow = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await slow.AskAsync("/v1/sessions/shell/attach?scrollback=0", dialect));
        await slow.Stream.WriteAsync(Typed(inputPrefix + SetPrompt));
        byte[] buffer = new byte[Packet];
        await AssertPromptIsNearAsync(daemon, () => slow.Stream.ReadAsync(buffer), buffer, () => slow.Stream.WriteAsync(Typed(inputPrefix + "\x03")));
    }

    /// <summary>The command line over TCP, whose kernel keeps more on the way than a Unix socket's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_terminal_that_interrupts_a_flood_shows_the_prompt_at_once(bool overTcp)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: overTcp);
        await daemon.NewAsync("shell", ["bash", "--norc", "--noprofile"]);
        await daemon.UntilScreenAsync("shell", "bash-");
        string[] way = overTcp ? ["--url", $"http://127.0.0.1:{daemon.Port}", "--token-file", Path.Combine(daemon.Folder, "token")] : [];
        await using PacedTerminal terminal = PacedTerminal.Start([Host.Binary, .. way, "attach", "--scrollback", "0", "shell"], daemon.Environ);
        await terminal.UntilAsync("bash-");
        terminal.Type(SetPrompt);
        byte[] buffer = new byte[Packet];
        await AssertPromptIsNearAsync(daemon, () => terminal.ReadAsync(buffer), buffer, () =>
        {
            terminal.Type("\x03");
            return ValueTask.CompletedTask;
        });
    }

    private static async Task AssertPromptIsNearAsync(TestDaemon daemon, Func<ValueTask<int>> read, byte[] buffer, Func<ValueTask> interrupt)
    {
        Task flooding = Eventually.TrueAsync(async () => (await daemon.SessionAsync("shell")).Offset > 8_000_000, "a flood");
        var seen = new Transcript();
        long total = 0;
        long before = -1;
        long start = TimeProvider.System.GetTimestamp();
        double credit = 0;
        while (true)
        {
            int count = await read();
            Assert.True(count > 0, "the connection ended");
            total += count;
            if (before >= 0) seen.Add(buffer.AsSpan(0, count));
            if (before >= 0 && seen.Text().Contains("PROMPT> ", StringComparison.Ordinal)) break;
            // A line saves nothing up while nothing comes.
            credit = Math.Min(2 * Packet, credit + TimeProvider.System.GetElapsedTime(start).TotalSeconds * BytesPerSecond) - count;
            start = TimeProvider.System.GetTimestamp();
            if (credit < 0) await Task.Delay(TimeSpan.FromSeconds(-credit / BytesPerSecond));
            if (before >= 0 || !flooding.IsCompleted) continue;
            await flooding;
            before = total;
            await interrupt();
        }

        Assert.InRange(total - before, 0, MostBefore);
    }

    /// <summary>An input message in a frame of its own, masked by zeros.</summary>
    private static byte[] Typed(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [0x82, (byte)(0x80 | bytes.Length), 0, 0, 0, 0, .. bytes];
    }
}
