using System.Net.WebSockets;
using System.Text;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Tests;

public sealed class AttachTests
{
    private const string Hello = """{"type":"hello","proto":"sessiond.v1","epoch":"e1","attachment":"a1","role":"controller","offset":5,"state":"running","news":[1]}""";

    private static readonly AttachOptions Options = new("x", Observe: false, Takeover: true, Scrollback: null, DetachKey.Default);

    [Fact]
    public async Task TheProgramsExitCodeIsReturned()
    {
        await using FakeServer server = await FakeServer.StartAttachAsync(async (_, socket) =>
        {
            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.SendSnapshotAsync(socket, 1, 5, "snap");
            await FakeServer.SendSnapshotAsync(socket, 2, 5, "shot ");
            await FakeServer.SendOutputAsync(socket, 5, "live");
            await FakeServer.SendTextAsync(socket, """{"type":"exit","code":3}""");
            await FakeServer.CloseAsync(socket, 4002, "ended");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal((3, "snapshot live", "[x ended: exit 3]"), (attached.Code, attached.Shown, attached.Message));
    }

    [Fact]
    public async Task ATakeOverIsToldAndReturns6()
    {
        await using FakeServer server = await FakeServer.StartAttachAsync(async (_, socket) =>
        {
            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.SendTextAsync(socket, """{"type":"taken_over","by":"bob\u001b[2J","at":"2026-01-01T00:00:00Z"}""");
            await FakeServer.CloseAsync(socket, 4001, "taken over");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal((6, @"[taken over by bob\x1b[2J]"), (attached.Code, attached.Message));
    }

    [Fact]
    public async Task T83_UnknownMessagesAreLeftAlone()
    {
        await using FakeServer server = await FakeServer.StartAttachAsync(async (_, socket) =>
        {
            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.SendTextAsync(socket, """{"type":"weather","sun":true}""");
            await FakeServer.SendTextAsync(socket, "no json");
            await FakeServer.SendTextAsync(socket, """{"no":"type"}""");
            await FakeServer.SendTextAsync(socket, new string('x', 600_000));
            await socket.SendAsync(new byte[] { 77, 1, 2, 3 }, WebSocketMessageType.Binary, true, CancellationToken.None);
            await socket.SendAsync(new byte[700_000], WebSocketMessageType.Binary, true, CancellationToken.None);
            await socket.SendAsync(new byte[] { 1, 2 }, WebSocketMessageType.Binary, true, CancellationToken.None);
            await socket.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Binary, true, CancellationToken.None);
            await FakeServer.SendOutputAsync(socket, 5, "ok");
            await FakeServer.CloseAsync(socket, 1000, "");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal((0, "ok"), (attached.Code, attached.Shown));
    }

    [Fact]
    public async Task AMessageLargerThanTheBufferIsShownWhole()
    {
        // A sequence that is filtered lies on every place where the buffer may end.
        string text = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i % 10}\e[3J"));
        await using FakeServer server = await FakeServer.StartAttachAsync(async (_, socket) =>
        {
            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.SendOutputAsync(socket, 5, text);
            await FakeServer.CloseAsync(socket, 1000, "");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal(text.Replace("\e[3J", "", StringComparison.Ordinal), attached.Shown);
    }

    [Theory]
    [InlineData(401, 5)]
    [InlineData(404, 3)]
    [InlineData(409, 6)]
    public async Task ARefusalBeforeTheUpgradeSaysWhy(int status, int expected)
    {
        await using FakeServer server = await FakeServer.StartAsync(http =>
            FakeServer.AnswerAsync(http, status, "application/problem+json", """{"title":"no","detail":"the reason\u001b[2J","status":0}"""));
        CliException refused = await Assert.ThrowsAsync<CliException>(() => AttachAsync(server));
        Assert.Equal((expected, @"the reason\x1b[2J"), (refused.ExitCode, refused.Message));
    }

    [Fact]
    public async Task TheFirstRequestTakesOverAndKeepsTheOuterScrollback()
    {
        string query = "";
        await using FakeServer server = await FakeServer.StartAttachAsync(async (http, socket) =>
        {
            query = http.Request.QueryString.Value!;
            await FakeServer.CloseAsync(socket, 1000, "");
        });
        await AttachAsync(server, Options with { Scrollback = 7 });
        Assert.Equal("?mode=control&takeover=1&history=keep&scrollback=7", query);
    }

    [Fact]
    public void ThePixelsOfTheWindowAreToldWhereTheTerminalTellsThem()
    {
        Assert.Contains("&cols=80&rows=24&xpixel=800&ypixel=600&", AttachPath.First(Options, new Pty.TtySize(80, 24, 800, 600)), StringComparison.Ordinal);
        Assert.DoesNotContain("pixel", AttachPath.First(Options, new Pty.TtySize(80, 24, 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AfterACutItGoesOnAtItsOffset()
    {
        var queries = new List<string>();
        await using FakeServer server = await FakeServer.StartAttachAsync(async (http, socket) =>
        {
            queries.Add(http.Request.QueryString.Value!);
            await FakeServer.SendTextAsync(socket, Hello);
            if (queries.Count == 1)
            {
                await FakeServer.SendSnapshotAsync(socket, 3, 100, "one ");
                await FakeServer.SendOutputAsync(socket, 110, "two ");
                await FakeServer.CutAsync(socket);
                return;
            }

            await FakeServer.SendOutputAsync(socket, 114, "three");
            await FakeServer.CloseAsync(socket, 4001, "bob");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal("one two three", attached.Shown);
        Assert.Equal("?mode=control&takeover=0&history=keep&scrollback=0&since=e1:114&resume=a1", queries[1]);
    }

    [Fact]
    public async Task AfterACutInASnapshotAnotherOneIsAskedFor()
    {
        var queries = new List<string>();
        await using FakeServer server = await FakeServer.StartAttachAsync(async (http, socket) =>
        {
            queries.Add(http.Request.QueryString.Value!);
            await FakeServer.SendTextAsync(socket, Hello);
            if (queries.Count == 1)
            {
                await FakeServer.SendSnapshotAsync(socket, 3, 100, "");
                await FakeServer.SendSnapshotAsync(socket, 1, 200, "half");
                await FakeServer.CutAsync(socket);
                return;
            }

            await FakeServer.CloseAsync(socket, 1000, "");
        });
        await AttachAsync(server);
        Assert.DoesNotContain("since=", queries[1], StringComparison.Ordinal);
        Assert.Contains("resume=a1", queries[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionThatIsDroppedBeforeItsHelloIsTriedAgainAsTheFirst()
    {
        var queries = new List<string>();
        await using FakeServer server = await FakeServer.StartAttachAsync(async (http, socket) =>
        {
            queries.Add(http.Request.QueryString.Value!);
            if (queries.Count < 3)
            {
                await FakeServer.CutAsync(socket);
                return;
            }

            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.CloseAsync(socket, 1000, "");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal(0, attached.Code);
        Assert.All(queries, query => Assert.Equal("?mode=control&takeover=1&history=keep", query));
    }

    /// <summary>T48: the wish to take control does not stand for ever, also not in a request that waits for its answer.</summary>
    [Fact]
    public async Task AConnectionThatComesTenSecondsLaterEvictsNobody()
    {
        var queries = new List<string>();
        await using FakeServer server = await FakeServer.StartAsync(async http =>
        {
            queries.Add(http.Request.QueryString.Value!);
            if (queries.Count == 2) await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            if (http.RequestAborted.IsCancellationRequested) return;
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync("sessiond.v1");
            if (queries.Count == 1)
            {
                await FakeServer.CutAsync(socket);
                return;
            }

            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.CloseAsync(socket, 1000, "");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal(0, attached.Code);
        Assert.Equal(["takeover=1", "takeover=1", "takeover=0"], queries.Select(query => query.Split('&')[1]));
    }

    [Fact]
    public async Task AResumeThatIsRefusedEndsIt()
    {
        int requests = 0;
        await using FakeServer server = await FakeServer.StartAsync(async http =>
        {
            if (++requests > 1)
            {
                await FakeServer.AnswerAsync(http, 404, "application/problem+json", """{"title":"no such session","status":404}""");
                return;
            }

            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync("sessiond.v1");
            await FakeServer.SendTextAsync(socket, Hello);
            await FakeServer.CloseAsync(socket, 4010, "upgrading");
        });
        Attached attached = await AttachAsync(server);
        Assert.Equal((3, "[x: no such session]"), (attached.Code, attached.Message));
    }

    private static async Task<Attached> AttachAsync(FakeServer server, AttachOptions? options = null)
    {
        using ApiClient api = server.Client();
        using var shown = new MemoryStream();
        await using var messages = new StringWriter();
        int code = await new AttachClient(api, options ?? Options, OuterTerminal.Without(shown), messages).RunAsync(TestContext.Current.CancellationToken);
        return new Attached(code, Encoding.UTF8.GetString(shown.ToArray()), messages.ToString().TrimEnd());
    }

    private sealed record Attached(int Code, string Shown, string Message);
}
