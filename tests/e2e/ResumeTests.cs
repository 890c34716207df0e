using System.Globalization;
using System.Text;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Coming back at a position (I2) and as an attachment that there was before (I7).</summary>
public sealed class ResumeTests
{
    /// <summary>A program that prints what it is told to, and nothing else.</summary>
    private static readonly string[] Printer = ["bash", "-c", "stty -echo; printf 'READY '; while IFS= read -r line; do eval \"$line\"; done"];

    [Fact]
    public async Task I2_Since_brings_exactly_the_missing_bytes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        string epoch;
        string attachment;
        long position;
        await using (WireClient first = await daemon.AttachAsync("printer"))
        {
            ServerMessage hello = await first.MessageAsync("hello");
            (epoch, attachment) = (hello.Epoch!, hello.Attachment!);
            Assert.Equal(256 * 1024, hello.Window);
            await first.TypeAsync("printf 'one \\033[1mtwo\\033[m'\r");
            await first.UntilAsync("two\e[m");
            position = first.Position;
            first.Reset();
        }

        await daemon.TypeAsync("printer", "for i in 1 2 3; do printf '\\033[3%dm→%d\\033[m\\n' $i $i; done; printf END\r");
        await daemon.UntilScreenAsync("printer", "END");
        byte[] log = await daemon.Http.GetByteArrayAsync($"v1/sessions/printer/logs?format=raw&since={position.ToString(CultureInfo.InvariantCulture)}");
        await using WireClient second = await daemon.AttachAsync("printer", $"since={epoch}:{position}&resume={attachment}");
        ServerMessage again = await second.MessageAsync("hello");
        await second.UntilAsync("END");
        Assert.Equal((epoch, attachment, "controller", position), (again.Epoch, again.Attachment, again.Role, again.Offset));
        Assert.Equal(0, second.SnapshotParts);
        Assert.Equal(position, second.Frames[0].Offset);
        Assert.Equal(log, second.Frames.SelectMany(frame => frame.Bytes));
    }

    /// <summary>I4: what a client that comes back gets holds no query.</summary>
    [Fact]
    public async Task I4_Queries_are_left_out_of_what_since_brings()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        (string epoch, long position) = await BeThereAsync(daemon, "printer");
        await daemon.TypeAsync("printer", "printf 'before\\033[cafter\\033[6nEND'\r");
        await daemon.UntilScreenAsync("printer", "END");
        await using WireClient second = await daemon.AttachAsync("printer", $"since={epoch}:{position}");
        await second.UntilAsync("END");
        Assert.Equal("beforeafterEND", second.Output.Text());
        Assert.Equal(0, second.SnapshotParts);
    }

    [Theory]
    [InlineData("other:0")]
    [InlineData("EPOCH:99999999999")]
    [InlineData("EPOCH:-1")]
    [InlineData("EPOCH:INSIDE")]
    [InlineData("EPOCH")]
    [InlineData(":::")]
    public async Task I2_A_position_that_is_none_brings_a_snapshot(string since)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        (string epoch, long position) = await BeThereAsync(daemon, "printer");
        await daemon.TypeAsync("printer", "printf '\\033[31mred\\033[m END'\r");
        await daemon.UntilScreenAsync("printer", "END");
        // Two bytes into the escape sequence: no client was ever there.
        string asked = since.Replace("EPOCH", epoch, StringComparison.Ordinal).Replace("INSIDE", $"{position + 2}", StringComparison.Ordinal);
        await using WireClient second = await daemon.AttachAsync("printer", $"since={asked}");
        await second.UntilAsync("END");
        Assert.Equal(1, second.SnapshotParts);
        Assert.Equal((await daemon.SessionAsync("printer")).Offset, second.Position);
    }

    [Fact]
    public async Task I2_A_position_that_the_ring_has_passed_brings_a_snapshot()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        (string epoch, long position) = await BeThereAsync(daemon, "printer");
        await daemon.TypeAsync("printer", "head -c 3000000 /dev/zero | tr '\\0' x; printf END\r");
        await daemon.UntilScreenAsync("printer", "END");
        await using WireClient second = await daemon.AttachAsync("printer", $"since={epoch}:{position}");
        await second.UntilAsync("END");
        Assert.True(second.SnapshotParts > 0, "a snapshot");
        Assert.DoesNotContain("\"type\":\"lag\"", second.Said.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task I2_A_position_before_a_change_of_size_brings_a_snapshot()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        (string epoch, long position) = await BeThereAsync(daemon, "printer");
        await daemon.TypeAsync("printer", "printf more\r");
        await daemon.UntilScreenAsync("printer", "more");
        using (await daemon.Http.PostAsync("v1/sessions/printer/resize", TestDaemon.Json("""{"cols":100,"rows":30}""")))
        {
            await using WireClient second = await daemon.AttachAsync("printer", $"since={epoch}:{position}");
            await second.UntilAsync("more");
            Assert.Equal(1, second.SnapshotParts);
        }
    }

    /// <summary>The size that the first attach brought is known to whoever got its snapshot.</summary>
    [Fact]
    public async Task I2_A_change_of_size_at_the_very_position_of_the_client_does_not_hinder()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        (string epoch, long position) = await BeThereAsync(daemon, "printer", "cols=111&rows=22");
        await daemon.TypeAsync("printer", "printf more\r");
        await daemon.UntilScreenAsync("printer", "more");
        await using WireClient second = await daemon.AttachAsync("printer", $"since={epoch}:{position}&cols=111&rows=22");
        await second.UntilAsync("more");
        Assert.Equal(0, second.SnapshotParts);
    }

    /// <summary>
    /// I9's half on the client's side: an exact continuation over many cuts while the program prints. All that it prints fits the ring (1 MiB), so however late this
    /// process gets its turn, nothing may be missing.
    /// </summary>
    [Fact]
    public async Task T54_A_counter_followed_over_many_cuts_has_neither_gap_nor_double()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("counter", ["bash", "-c", "read go; for i in $(seq 1 40000); do printf '\\033[3%dmline %d\\033[m\\n' $((i % 8)) $i; done; printf 'THE END'; exec cat"]);
        var got = new StringBuilder();
        string since = "";
        const int Cuts = 100;
        for (int cut = 0; cut < Cuts && !got.ToString().Contains("THE END", StringComparison.Ordinal); cut++)
        {
            await using WireClient client = await daemon.AttachAsync("counter", $"mode=observe&scrollback=0{since}");
            ServerMessage hello = await client.MessageAsync("hello");
            if (cut == 0)
            {
                await client.UntilAsync("\e[");
                await daemon.TypeAsync("counter", "\r");
            }

            await client.Output.UntilAsync(bytes => (bytes.Length >= 10_000 && cut < Cuts - 1) || bytes.IndexOf("THE END"u8) >= 0 ? 0 : -1, "10 KB");
            client.Reset();
            _ = await client.CloseCodeAsync();
            Assert.True(cut == 0 || client.SnapshotParts == 0, "no snapshot is needed");
            foreach ((long offset, byte[] bytes) in client.Frames.Where(frame => frame.Offset >= 0)) got.Append(Encoding.UTF8.GetString(bytes));
            since = $"&since={hello.Epoch}:{client.Position}";
        }

        string[] lines = got.ToString().Split("\r\n").Where(line => line.Contains("line", StringComparison.Ordinal)).ToArray();
        for (int i = 0; i < lines.Length; i++) Assert.Contains($"mline {i + 1}\e[m", lines[i], StringComparison.Ordinal);
        Assert.Equal(40_000, lines.Length);
    }

    /// <summary>I9: offsets, names of attachments and control outlive the daemon.</summary>
    [Fact]
    public async Task I9_A_client_goes_on_exactly_after_a_crash_and_control_is_whose_it_was()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        await daemon.NewAsync("printer", Printer);
        await daemon.UntilScreenAsync("printer", "READY");
        string evicted;
        ServerMessage hello;
        long position;
        await using (WireClient first = await daemon.AttachAsync("printer", "cols=101&rows=33"))
        {
            evicted = (await first.MessageAsync("hello")).Attachment!;
            await using WireClient second = await daemon.AttachAsync("printer", "cols=101&rows=33");
            hello = await second.MessageAsync("hello");
            await second.TypeAsync("printf '\\033[32mseen\\033[m'\r");
            await second.UntilAsync("seen\e[m");
            position = second.Position;
            await second.TypeAndPingAsync("sleep 0.5; printf '\\033[31mmissed\\033[m'\r", 1);
            await daemon.KillDaemonAsync();
        }

        await daemon.ServesAsync();
        await daemon.UntilScreenAsync("printer", "missed");
        await using WireClient thief = await daemon.AttachAsync("printer", $"resume={evicted}");
        Assert.Equal(4001, await thief.CloseCodeAsync());
        await using WireClient back = await daemon.AttachAsync("printer", $"resume={hello.Attachment}&since={hello.Epoch}:{position}&cols=101&rows=33");
        ServerMessage again = await back.MessageAsync("hello");
        await back.UntilAsync("missed\e[m");
        Assert.Equal(("controller", hello.Attachment, position), (again.Role, again.Attachment, again.Offset));
        Assert.Equal("\e[31mmissed\e[m", back.Output.Text());
    }

    /// <summary>I7: a coming back takes control when nobody has it.</summary>
    [Fact]
    public async Task T48_A_coming_back_never_evicts_whoever_has_control_meanwhile()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        string attachment;
        await using (WireClient first = await daemon.AttachAsync("shared"))
        {
            attachment = (await first.MessageAsync("hello")).Attachment!;
            first.Reset();
        }

        await using WireClient second = await daemon.AttachAsync("shared");
        await second.MessageAsync("hello");
        await using (WireClient back = await daemon.AttachAsync("shared", $"resume={attachment}"))
        {
            Assert.Equal(4001, await back.CloseCodeAsync());
            Assert.Contains(UserDatabase.Current().Name, back.CloseReason, StringComparison.Ordinal);
        }

        await second.TypeAsync("still mine\r");
        await second.UntilAsync("still mine\r\nstill mine");
        await using WireClient observer = await daemon.AttachAsync("shared", $"resume={attachment}&mode=observe");
        Assert.Equal("observer", (await observer.MessageAsync("hello")).Role);
    }

    /// <summary>The network has not noticed yet that the first connection is dead: its own client may replace it.</summary>
    [Fact]
    public async Task A_coming_back_replaces_its_own_ghost()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shared", ["cat"]);
        await using WireClient first = await daemon.AttachAsync("shared");
        string attachment = (await first.MessageAsync("hello")).Attachment!;
        first.Stall();
        await using WireClient back = await daemon.AttachAsync("shared", $"resume={attachment}");
        ServerMessage hello = await back.MessageAsync("hello");
        Assert.Equal(("controller", attachment), (hello.Role, hello.Attachment));
        await back.TypeAsync("mine again\r");
        await back.UntilAsync("mine again\r\nmine again");
        SessionObject session = await daemon.SessionAsync("shared");
        Assert.Equal(0, session.Observers);
    }

    private static async Task<(string Epoch, long Position)> BeThereAsync(TestDaemon daemon, string session, string query = "")
    {
        await using WireClient client = await daemon.AttachAsync(session, query);
        ServerMessage hello = await client.MessageAsync("hello");
        await Eventually.TrueAsync(() => client.Position >= 0, "the snapshot is whole");
        return (hello.Epoch!, client.Position);
    }
}
