using System.Net;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>What scripts and programs that work on a person's behalf rely on: send, wait, screen (T39).</summary>
public sealed class WaitTests
{
    public static TheoryData<string> Shells => ["bash", "zsh", "fish", "dash"];

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    public async Task Exit_waits_for_the_end_and_tells_the_code(string command, int code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["sh", "-c", $"read go; {command}"]);
        Task<WaitResult> wait = WaitAsync(daemon, "job", """{"until":"exit"}""");
        await daemon.TypeAsync("job", "\r");
        Assert.Equal(new WaitResult(true, code, null), await wait);
        // Over already: at once.
        Assert.Equal(new WaitResult(true, code, null), await WaitAsync(daemon, "job", """{"until":"exit"}"""));
        CliResult result = await daemon.CliAsync("wait", "job", "--exit");
        result.Expect(0);
        Assert.Equal($"exit {code}\n", result.Out);
    }

    [Fact]
    public async Task Text_matches_what_is_on_the_screen_and_what_is_printed_later()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("server", ["sh", "-c", "echo booting; read go; seq 1 200000; printf 'listening on port 4173'; read more; echo; seq 1 1000; exec cat"]);
        await daemon.UntilScreenAsync("server", "booting");
        Assert.Equal(new WaitResult(true, null, "booting"), await WaitAsync(daemon, "server", """{"until":"text","pattern":"boot\\w+"}"""));
        Task<WaitResult> later = WaitAsync(daemon, "server", """{"until":"text","pattern":"port (\\d+)"}""");
        Task<WaitResult> passing = WaitAsync(daemon, "server", """{"until":"text","pattern":"^77777$"}""");
        // Both are waiting when the program goes on.
        await WaitAsync(daemon, "server", """{"until":"idle","idle":"100ms"}""");
        await daemon.TypeAsync("server", "\r");
        Assert.Equal("port 4173", (await later).Match);
        Assert.Equal("77777", (await passing).Match);
        (await daemon.CliAsync("wait", "server", "--text", "listening")).Expect(0);
    }

    /// <summary>What was printed before the input is not taken for its answer.</summary>
    [Fact]
    public async Task Text_since_the_offset_of_an_input_is_not_what_was_there_before()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["sh", "-c", "echo DONE; read go; read go; echo DONE again; exec cat"]);
        await daemon.UntilScreenAsync("job", "DONE");
        using HttpResponseMessage sent = await daemon.Http.PostAsync("v1/sessions/job/input?enter=1", new ByteArrayContent([]));
        InputResult input = JsonSerializer.Deserialize(await sent.Content.ReadAsStringAsync(), ApiJsonContext.Default.InputResult)!;
        Assert.Equal(1, input.Accepted);
        WaitResult early = await WaitAsync(daemon, "job", $$"""{"until":"text","pattern":"DONE.*","since":{{input.Offset}},"timeout":"300ms"}""");
        Assert.False(early.Met);
        await daemon.TypeAsync("job", "\r");
        Assert.Equal("DONE again", (await WaitAsync(daemon, "job", $$"""{"until":"text","pattern":"DONE.*","since":{{input.Offset}}}""")).Match);
    }

    [Fact]
    public async Task A_wait_that_can_never_be_met_ends_with_the_program()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["sh", "-c", "read go; exit 3"]);
        Task<WaitResult> text = WaitAsync(daemon, "job", """{"until":"text","pattern":"never"}""");
        Task<WaitResult> prompt = WaitAsync(daemon, "job", """{"until":"prompt"}""");
        await daemon.TypeAsync("job", "\r");
        Assert.Equal(new WaitResult(false, 3, null), await text);
        Assert.Equal(new WaitResult(false, 3, null), await prompt);
    }

    [Theory]
    [InlineData("--text", "never")]
    [InlineData("--exit")]
    [InlineData("--idle", "10m")]
    public async Task A_wait_that_is_not_met_in_time_exits_124(params string[] until)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["cat"]);
        (await daemon.CliAsync(["wait", "job", .. until, "--timeout", "200ms"])).Expect(124);
    }

    [Theory]
    [InlineData("""{"until":"forever"}""")]
    [InlineData("""{"until":"text"}""")]
    [InlineData("""{"until":"text","pattern":"("}""")]
    [InlineData("""{"until":"idle","idle":"soon"}""")]
    [InlineData("""{"until":"exit","timeout":"-1s"}""")]
    public async Task A_wait_that_makes_no_sense_is_refused(string body)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["cat"]);
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/job/wait", TestDaemon.Json(body));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    /// <summary>T39: typed into a shell that has hardly started; zsh throws away what comes before its first prompt.</summary>
    [Theory]
    [MemberData(nameof(Shells))]
    public async Task T39_What_is_sent_to_a_shell_that_starts_is_not_lost_and_its_prompt_is_waited_for(string shell)
    {
        Host.Require(shell);
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] argv = shell switch
        {
            "bash" => ["bash", "--norc", "--noprofile"],
            "zsh" => ["zsh", "-f"],
            "fish" => ["fish", "--no-config"],
            _ => [shell],
        };
        for (int round = 0; round < 3; round++)
        {
            string name = $"shell{round}";
            await daemon.NewAsync(name, argv);
            (await daemon.CliAsync("send", name, "--enter", "sleep 0.5; echo answer is \"4\"2")).Expect(0);
            (await daemon.CliAsync("wait", name, "--prompt", "--timeout", "30s")).Expect(0);
            Assert.Contains("answer is 42", await daemon.ScreenAsync(name), StringComparison.Ordinal);
        }
    }

    /// <summary>T39: an enter that comes in one read with text is a paste to programs such as editors and chat prompts.</summary>
    [Fact]
    public async Task T39_Enter_is_a_key_of_its_own_behind_the_text()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Reader = "import os,tty\ntty.setraw(0)\nos.write(1,b'READY')\nwhile True: os.write(1, repr(os.read(0,1000)).encode()+b'\\r\\n')";
        Host.Require("python3");
        await daemon.NewAsync("reader", ["python3", "-c", Reader]);
        await daemon.UntilScreenAsync("reader", "READY");
        string read = "";
        // A reader that gets no processor between the two reads them at once all the same.
        for (int i = 0; i < 5 && !read.StartsWith("'\nb'\\r'", StringComparison.Ordinal); i++)
        {
            string text = $"some text{i}";
            (await daemon.CliAsync(["send", "reader", "--enter", .. text.Split(' ')])).Expect(0);
            await Eventually.TrueAsync(
                async () =>
                {
                    string[] around = (await daemon.ScreenAsync("reader")).Split($"b'{text}");
                    read = around[^1];
                    return around.Length > 1 && read.Contains("\\r'", StringComparison.Ordinal);
                },
                () => $"text and enter; after {text} there is {read}");
        }

        Assert.StartsWith("'\nb'\\r'", read, StringComparison.Ordinal);
    }

    /// <summary>A script before the program is not the program: its end is no end, its read no prompt, and what was asked for may still come.</summary>
    [Fact]
    public async Task A_wait_outlasts_the_scripts_before_the_program()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "job"
            command = "read go; echo listening; read go; exit 7"
            init = "until [ -e go ]; do sleep 0.02; done; echo prepared"
            shell = "/bin/sh"
            login = false

            [[sessions]]
            name = "shell"
            init = "sleep 1.5; echo prepared"
            shell = "/bin/sh"
            login = false
            """);
        await Eventually.TrueAsync(async () => await daemon.FindSessionAsync("job") is { Reason: "runs init" }, "init runs");
        Task<WaitResult> exit = WaitAsync(daemon, "job", """{"until":"exit"}""");
        Task<WaitResult> text = WaitAsync(daemon, "job", """{"until":"text","pattern":"listening"}""");
        await WaitAsync(daemon, "shell", """{"until":"prompt"}""");
        Assert.Contains("prepared", await daemon.ScreenAsync("shell"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await daemon.UntilStateAsync("job", "running");
        await daemon.TypeAsync("job", "\r");
        Assert.Equal(new WaitResult(true, null, "listening"), await text);
        Assert.False(exit.IsCompleted);
        await daemon.TypeAsync("job", "\r");
        Assert.Equal(new WaitResult(true, 7, null), await exit);
    }

    [Fact]
    public async Task A_wait_for_the_end_lasts_from_before_the_start()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [hooks]
            post_start = { gate = "until [ -e go ]; do sleep 0.02; done" }

            [[sessions]]
            name = "job"
            command = "exit 5"
            needs = ["hook:gate"]
            """);
        await daemon.UntilStateAsync("job", "initializing");
        Task<WaitResult> exit = WaitAsync(daemon, "job", """{"until":"exit"}""");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        Assert.Equal(new WaitResult(true, 5, null), await exit);
    }

    [Fact]
    public async Task A_wait_ends_when_the_program_cannot_be_started_any_more()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "scripted"
            command = ["cat"]
            before = "until [ -e go ]; do sleep 0.02; done; exit 9"
            shell = "/bin/sh"
            login = false

            [[sessions]]
            name = "stopped"
            command = ["cat"]
            needs = ["session:scripted"]
            """);
        await Eventually.TrueAsync(async () => await daemon.FindSessionAsync("scripted") is { Reason: "runs before" }, "before runs");
        await daemon.UntilStateAsync("stopped", "initializing");
        Task<WaitResult> exit = WaitAsync(daemon, "scripted", """{"until":"exit"}""");
        Task<WaitResult> text = WaitAsync(daemon, "scripted", """{"until":"text","pattern":"never"}""");
        Task<WaitResult> stopped = WaitAsync(daemon, "stopped", """{"until":"exit"}""");
        Task<CliResult> refused = daemon.CliAsync("wait", "stopped", "--text", "never");
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        Assert.Equal(new WaitResult(true, 9, null), await exit);
        Assert.Equal(new WaitResult(false, 9, null), await text);
        (await daemon.CliAsync("stop", "stopped")).Expect(0);
        Assert.Equal(new WaitResult(true, null, null), await stopped);
        Assert.Contains("was not started", (await refused).Expect(1).Error, StringComparison.Ordinal);
    }

    /// <summary>I11: a log is read piece by piece, and a line that is looked at twice keeps its beginning.</summary>
    [Fact]
    public async Task Text_since_the_beginning_of_a_long_log_is_found_or_not_in_bounded_pieces()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("job", ["sh", "-c", "echo first; i=0; while [ $i -lt 4 ]; do seq -f 'already %.0f' 1 200000; i=$((i+1)); done; printf END; exec cat"]);
        await daemon.UntilScreenAsync("job", "END");
        Assert.Equal("first", (await WaitAsync(daemon, "job", """{"until":"text","pattern":"^first$","since":0}""")).Match);
        Assert.Equal("already 199999", (await WaitAsync(daemon, "job", """{"until":"text","pattern":"^already 199999$","since":0}""")).Match);
        Assert.False((await WaitAsync(daemon, "job", """{"until":"text","pattern":"^(?!already|first|END).+","since":0,"timeout":"3s"}""")).Met);
    }

    private static async Task<WaitResult> WaitAsync(TestDaemon daemon, string session, string body)
    {
        using HttpResponseMessage response = await daemon.Http.PostAsync($"v1/sessions/{session}/wait", TestDaemon.Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize(text, ApiJsonContext.Default.WaitResult)!;
    }
}
