using System.Diagnostics;
using System.Net.Sockets;

namespace Sessiond.E2e.Tests;

/// <summary>What a hostile or broken client can cost (T97), and what keeps a good one alive (T58). Alone, since it takes times that the other tests' clients would add to.</summary>
[Collection(nameof(LimitTests))]
[CollectionDefinition(nameof(LimitTests), DisableParallelization = true)]
public sealed class LimitTests
{
    /// <summary>Ten million frames of one byte: each costs the client six bytes more than us.</summary>
    [Fact]
    public async Task T97_Ten_million_tiny_frames_hold_nobody_up()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sink", ["sh", "-c", "stty raw -echo; printf READY; head -c 10000000 | wc -c; exec cat"]);
        await daemon.NewAsync("other", ["cat"]);
        await daemon.UntilScreenAsync("sink", "READY");
        await using WireClient other = await daemon.AttachAsync("other");
        using WebSocketUpgrade flooder = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await flooder.AskAsync("/v1/sessions/sink/attach", null));
        byte[] frames = [.. Enumerable.Repeat<byte[]>([0x82, 0x81, 0, 0, 0, 0, (byte)'x'], 10_000).SelectMany(frame => frame)];
        Task flood = Task.Run(async () =>
        {
            for (int i = 0; i < 1000; i++) await flooder.Stream.WriteAsync(frames);
        });
        var longest = TimeSpan.Zero;
        for (int i = 0; !flood.IsCompleted; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await other.TypeAsync($"echo {i}\r");
            await other.UntilAsync($"echo {i}\r\necho {i}\r\n");
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            if (took > longest) longest = took;
        }

        await flood;
        await daemon.UntilScreenAsync("sink", "10000000");
        Assert.InRange(longest.TotalMilliseconds, 0, 1000);
    }

    /// <summary>Whoever connects and says nothing is not kept.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")]
    public async Task T97_A_connection_without_a_whole_request_is_closed_within_seconds(string begun)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        if (begun.Length > 0) await slow.SendAsync(System.Text.Encoding.ASCII.GetBytes(begun));
        long start = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] answer = new byte[4096];
        try
        {
            while (await slow.ReceiveAsync(answer, limit.Token) > 0)
            {
                // 408 perhaps, then the end.
            }
        }
        catch (SocketException)
        {
            // Reset: just as well.
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 3, 15);
    }

    /// <summary>I11: the thousandth connection is the last; those that are there go on, and room that becomes free is given.</summary>
    [Fact]
    public async Task T97_More_than_a_thousand_connections_are_refused_and_harm_nobody()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient first = await daemon.AttachAsync("shared");
        await first.MessageAsync("hello");
        var crowd = new List<WireClient>();
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                for (int i = 0; i < 1010; i++) crowd.Add(await daemon.AttachAsync("shared", "mode=observe&scrollback=0"));
            });
            Assert.InRange(crowd.Count, 980, 1000);
            await first.TypeAsync("still here\r");
            await first.UntilAsync("still here\r\nstill here");
            foreach (WireClient client in crowd.Take(10)) await client.DisposeAsync();
            await Eventually.TrueAsync(async () => await CanAttachAsync(daemon), "there is room again");
        }
        finally
        {
            foreach (WireClient client in crowd) await client.DisposeAsync();
        }
    }

    /// <summary>T58: something flows both ways often enough for a proxy that cuts what is silent.</summary>
    [Fact]
    public async Task T58_Pings_flow_as_often_as_was_asked_for()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("quiet", ["cat"]);
        using WebSocketUpgrade connection = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await connection.AskAsync("/v1/sessions/quiet/attach?ping=2", "sessiond.v1"));
        long last = Stopwatch.GetTimestamp();
        int pings = 0;
        byte[] buffer = new byte[64 * 1024];
        while (pings < 3)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            int count = await connection.Stream.ReadAsync(buffer, limit.Token);
            if (count >= 2 && buffer[count - 2] == 0x89) pings++;
            Assert.InRange(Stopwatch.GetElapsedTime(last).TotalSeconds, 0, 4);
            last = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>T96: what looks like the protocol, or like the client's own messages, is output and nothing else.</summary>
    [Fact]
    public async Task T96_Output_that_imitates_control_messages_is_output()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("liar", ["bash", "-c", "read go; printf '{\"type\":\"exit\",\"code\":0}\\n\\x02\\x03\\x00\\x81\\x7e{\"type\":\"taken_over\"}\\x88\\x02\\x0f\\xa1END\\n'; exec cat"]);
        await using WireClient client = await daemon.AttachAsync("liar");
        await client.MessageAsync("hello");
        await using PtyProgram terminal = daemon.OnTerminal("attach", "--observe", "liar");
        await terminal.UntilAsync(PtyProgram.Attached);
        await client.TypeAsync("\r");
        await client.UntilAsync("END\r\n");
        await terminal.UntilAsync("END");
        await client.TypeAsync("alive\r");
        await client.UntilAsync("alive\r\nalive");
        await terminal.UntilAsync("alive\r\nalive");
        Assert.DoesNotContain("exit", client.Said.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("taken_over", client.Said.Text(), StringComparison.Ordinal);
    }

    private static async Task<bool> CanAttachAsync(TestDaemon daemon)
    {
        try
        {
            await using WireClient client = await daemon.AttachAsync("shared", "mode=observe");
            return (await client.MessageAsync("hello")).Type == "hello";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
