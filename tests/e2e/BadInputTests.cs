using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Hostile or broken input: refused or clamped with a clear answer, and nobody else is disturbed.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> BadNames => ["a/b", "..", ".", "", "-x", "a b", "line\nbreak", "esc\e[31m", "é", new string('n', 65), new string('n', 300), "nul\0"];

    [Fact]
    public async Task T95_Ten_megabytes_of_noise_pass_and_the_session_goes_on()
    {
        await using TestDaemon daemon = await StartedAsync();
        await daemon.NewAsync("noise", ["sh", "-c", "head -c 10485760 /dev/urandom; printf '\\033c\\033\\\\\\nEND OF NOISE\\n'; exec cat"]);
        await using WireClient client = await daemon.AttachAsync("noise");
        await daemon.UntilScreenAsync("noise", "END OF NOISE");
        SessionObject session = await daemon.SessionAsync("noise");
        Assert.InRange(session.Offset, 10_485_760, 11_500_000);
        Assert.True((session.Title ?? "").Length <= 4096 && !(session.Title ?? "").Any(char.IsControl), $"title {session.Title}");
        await AssertUndisturbedAsync(daemon);
    }

    [Fact]
    public async Task A_text_message_that_is_no_JSON_is_closed_with_1003()
    {
        await using TestDaemon daemon = await StartedAsync();
        await using WireClient client = await daemon.AttachAsync("calm");
        await client.MessageAsync("hello");
        await client.SendTextAsync("this is not JSON");
        Assert.Equal(1003, await client.CloseCodeAsync());
        Assert.NotEqual("", client.CloseReason);
        await AssertUndisturbedAsync(daemon);
    }

    /// <summary>I15: what a later version may say is left alone.</summary>
    [Fact]
    public async Task T83_Unknown_keys_types_and_text_messages_are_ignored()
    {
        await using TestDaemon daemon = await StartedAsync();
        await using WireClient client = await daemon.AttachAsync("calm", "unknown=1");
        await client.MessageAsync("hello");
        await client.SendTextAsync("""{"type":"of-a-later-version","deep":{"er":[1,2]}}""");
        await client.SendTextAsync("""{"no":"type"}""");
        await client.WriteFrameBytesAsync(Frame(0x82, [200, 1, 2, 3]));
        await client.PingAsync(7);
        await AssertUndisturbedAsync(daemon);
    }

    [Theory]
    [InlineData(100L << 20)]
    [InlineData(uint.MaxValue)]
    [InlineData(long.MaxValue)]
    public async Task T97_A_frame_that_is_too_large_is_closed_with_1009_unread(long length)
    {
        await using TestDaemon daemon = await StartedAsync();
        await using WireClient client = await daemon.AttachAsync("calm");
        await client.MessageAsync("hello");
        await client.WriteFrameBytesAsync(Header(0x82, length));
        Assert.Equal(1009, await client.CloseCodeAsync());
        await AssertUndisturbedAsync(daemon);
    }

    [Theory]
    [InlineData(0x82, false)] // not masked
    [InlineData(0xC2, true)] // a reserved bit
    [InlineData(0x83, true)] // an opcode that there is not
    [InlineData(0x80, true)] // a continuation of nothing
    [InlineData(0x09, true)] // a ping in pieces
    public async Task T97_A_frame_against_the_protocol_is_closed_with_1002(byte first, bool masked)
    {
        await using TestDaemon daemon = await StartedAsync();
        await using WireClient client = await daemon.AttachAsync("calm");
        await client.MessageAsync("hello");
        byte[] frame = Frame(first, [1, 2, 3]);
        if (!masked) frame[1] &= 0x7F;
        await client.WriteFrameBytesAsync(frame);
        Assert.Equal(1002, await client.CloseCodeAsync());
        await AssertUndisturbedAsync(daemon);
    }

    /// <summary>What is answered is answered in bounds: who reads gets answers, who does not is held back or dropped. Nobody else notices, while it goes on.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task T97_A_flood_of_pings_costs_that_client_alone(bool isText, bool reads)
    {
        await using TestDaemon daemon = await StartedAsync();
        using WebSocketUpgrade flooder = await WebSocketUpgrade.UnixAsync(daemon.Socket);
        Assert.Equal(101, await flooder.AskAsync("/v1/sessions/calm/attach?mode=observe", "sessiond.v1"));
        byte[] ping = isText ? Frame(0x81, """{"type":"ping","id":1}"""u8.ToArray()) : Frame(0x89, [1, 2, 3, 4]);
        byte[] pings = [.. Enumerable.Repeat(ping, 2000).SelectMany(frame => frame)];
        using var stop = new CancellationTokenSource();
        long answered = 0;
        byte[] buffer = new byte[64 * 1024];
        Task reading = reads ? UntilCutAsync(ReadAsync, stop.Token) : Task.CompletedTask;
        Task flooding = UntilCutAsync(() => flooder.Stream.WriteAsync(pings, stop.Token).AsTask(), stop.Token);
        for (int i = 0; i < 10; i++) await AssertUndisturbedAsync(daemon);
        Assert.InRange(ResidentKilobytes(daemon.DaemonPid), 1, 300_000);
        if (reads) await Eventually.TrueAsync(() => Interlocked.Read(ref answered) > 1000, "pings are answered");
        await stop.CancelAsync();
        await Task.WhenAll(reading, flooding);
        await AssertUndisturbedAsync(daemon);

        async Task ReadAsync()
        {
            int count = await flooder.Stream.ReadAsync(buffer, stop.Token);
            if (count == 0) throw new IOException("dropped");
            Interlocked.Add(ref answered, count);
        }
    }

    [Fact]
    public async Task T97_A_client_that_sends_its_request_byte_by_byte_holds_nobody_up()
    {
        await using TestDaemon daemon = await StartedAsync();
        using var slow = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await slow.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        await slow.SendAsync("GET /v1/sta"u8.ToArray());
        await AssertUndisturbedAsync(daemon);
        // The server gives up on the head by itself.
        using var limit = new CancellationTokenSource(Host.Patience);
        byte[] answer = new byte[4096];
        int count = await slow.ReceiveAsync(answer, limit.Token);
        Assert.True(count == 0 || Encoding.ASCII.GetString(answer, 0, count).StartsWith("HTTP/1.1 408", StringComparison.Ordinal), "closed or 408");
    }

    [Theory]
    [InlineData(0, 0, 1, 1)]
    [InlineData(100_000, 100_000, 1000, 1000)]
    [InlineData(-5, 65_536, 1, 1000)]
    [InlineData(1, 1, 1, 1)]
    public async Task T51_A_size_beyond_the_bounds_is_clamped(int columns, int rows, int clampedColumns, int clampedRows)
    {
        await using TestDaemon daemon = await StartedAsync();
        await daemon.NewAsync("sized", ["bash", "--norc"]);
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/sized/resize", TestDaemon.Json($$"""{"cols":{{columns}},"rows":{{rows}}}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        SessionObject session = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), ApiJsonContext.Default.SessionObject)!;
        Assert.Equal(new SizeObject(clampedColumns, clampedRows), session.Size);
        await daemon.Http.PostAsync("v1/sessions/sized/resize", TestDaemon.Json("""{"cols":80,"rows":24}"""));
        await using WireClient client = await daemon.AttachAsync("sized", $"cols={columns}&rows={rows}");
        ServerMessage hello = await client.MessageAsync("hello");
        Assert.Equal((clampedColumns, clampedRows), (hello.Cols, hello.Rows));
        await client.ResizeAsync(80, 24);
        await client.ResizeAsync(columns, rows);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("sized")).Size == new SizeObject(clampedColumns, clampedRows), "the size is clamped");
        await AssertUndisturbedAsync(daemon);
    }

    /// <summary>"nan" is a number to a parser of numbers, and no bound holds it.</summary>
    [Theory]
    [InlineData("mode=observe&ping=nan")]
    [InlineData("mode=observe&ping=-NaN")]
    [InlineData("cols=nan&rows=nan&scrollback=nan")]
    public async Task A_number_of_an_attach_that_is_none_is_as_if_it_were_absent(string query)
    {
        await using TestDaemon daemon = await StartedAsync();
        SizeObject size = (await daemon.SessionAsync("calm")).Size;
        await using WireClient client = await daemon.AttachAsync("calm", query);
        ServerMessage hello = await client.MessageAsync("hello");
        Assert.Equal((size.Cols, size.Rows), (hello.Cols, hello.Rows));
        await client.PingAsync(1);
        await AssertUndisturbedAsync(daemon);
    }

    [Fact]
    public async Task A_size_that_is_no_number_is_refused()
    {
        await using TestDaemon daemon = await StartedAsync();
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/calm/resize", TestDaemon.Json("""{"cols":"wide","rows":99999999999999}"""));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task T57_A_bad_name_is_refused_with_422_by_the_API_and_2_by_the_command_line(string name)
    {
        await using TestDaemon daemon = await StartedAsync();
        string json = JsonSerializer.Serialize(new CreateSession { Name = name }, ApiJsonContext.Default.CreateSession);
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json(json));
        Assert.Equal(422, (int)response.StatusCode);
        if (!name.Contains('\0') && !name.StartsWith('-')) (await daemon.CliAsync("new", "-d", name)).Expect(2);
        using HttpResponseMessage renamed = await daemon.Http.PatchAsync("v1/sessions/calm", TestDaemon.Json(json));
        Assert.Equal(422, (int)renamed.StatusCode);
        Assert.Equal(["calm"], (await daemon.SessionsAsync()).Select(session => session.Name));
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("line%0Abreak")]
    [InlineData("esc%1b%5B31m")]
    [InlineData("%ff%fe")]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")]
    public async Task T57_A_bad_name_in_a_path_names_no_session(string name)
    {
        await using TestDaemon daemon = await StartedAsync();
        foreach (string route in new[] { "", "/screen", "/logs" })
        {
            using HttpResponseMessage response = await daemon.Http.GetAsync($"v1/sessions/{name}{route}");
            Assert.True((int)response.StatusCode is 400 or 404, $"{name}{route}: {(int)response.StatusCode}");
            Assert.DoesNotContain((await response.Content.ReadAsStringAsync()), char.IsControl);
        }

        await AssertUndisturbedAsync(daemon);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"command\": 5}")]
    [InlineData("{\"size\": \"80x24\"}")]
    public async Task A_body_that_is_not_a_session_is_refused_with_400(string body)
    {
        await using TestDaemon daemon = await StartedAsync();
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions", TestDaemon.Json(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(400, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.RootElement.GetProperty("detail").GetString());
    }

    private static async Task<TestDaemon> StartedAsync()
    {
        TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("calm", ["cat"]);
        return daemon;
    }

    private static async Task AssertUndisturbedAsync(TestDaemon daemon)
    {
        Assert.Equal("running", (await daemon.StatusAsync()).State);
        string mark = $"still here {Guid.NewGuid():N}";
        await daemon.TypeAsync("calm", mark + "\r");
        await daemon.UntilScreenAsync("calm", mark);
    }

    /// <summary>Does something again and again until the test has seen enough, or the connection ends.</summary>
    private static async Task UntilCutAsync(Func<Task> again, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested) await again();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Dropped, or held back until the end.
        }
    }

    private static byte[] Header(byte first, long length)
    {
        byte[] header = new byte[14];
        header[0] = first;
        header[1] = 0x80 | 127;
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        return header;
    }

    /// <summary>A frame with a masking key of zeros.</summary>
    private static byte[] Frame(byte first, byte[] payload) => [first, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];

    private static long ResidentKilobytes(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
}
