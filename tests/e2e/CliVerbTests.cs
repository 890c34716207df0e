using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The verbs of the command line without a terminal, and the exit codes of docs/cli.md.</summary>
public sealed class CliVerbTests
{
    [Fact]
    public async Task New_detached_prints_the_name_and_a_random_one_is_readable()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Assert.Equal("mine\n", (await daemon.CliAsync("new", "-d", "mine", "--", "cat")).Expect(0).Out);
        string random = (await daemon.CliAsync("new", "-d", "--", "cat")).Expect(0).Out.Trim();
        Assert.Matches("^[a-z]+-[a-z]+(-[0-9]+)?$", random);
        (await daemon.CliAsync("new", "-d", "mine")).Expect(1);
        (await daemon.CliAsync("session", "new", "-d", "long", "--size", "132x43", "--env", "K=V", "--label", "tier=web", "--cwd", "/", "--", "sh", "-c", "echo $K $PWD; stty size; cat")).Expect(0);
        await daemon.UntilScreenAsync("long", "43 132");
        await daemon.UntilScreenAsync("long", "V /");
        Assert.Equal("web", (await daemon.SessionAsync("long")).Labels["tier"]);
        Assert.Equal("api", (await daemon.SessionAsync("long")).Source);
    }

    [Fact]
    public async Task List_and_status_are_plain_text_in_a_pipe_and_JSON_when_asked()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("[labels]\nproject = \"e2e\"\n");
        await daemon.NewAsync("one", ["cat"]);
        CliResult list = (await daemon.CliAsync("list")).Expect(0);
        Assert.DoesNotContain('\e', list.Out);
        Assert.Contains("one", list.Out, StringComparison.Ordinal);
        SessionObject parsed = JsonSerializer.Deserialize((await daemon.CliAsync("list", "--json")).Expect(0).Out, ApiJsonContext.Default.IReadOnlyListSessionObject)!.Single();
        Assert.Equal(("one", "running", "terminal"), (parsed.Name, parsed.State, parsed.Type));
        Assert.Matches("^[0-9a-z]+$", parsed.Epoch);
        CliResult status = (await daemon.CliAsync("status")).Expect(0);
        Assert.Contains("state\trunning", status.Out, StringComparison.Ordinal);
        StatusObject json = JsonSerializer.Deserialize((await daemon.CliAsync("status", "--json")).Expect(0).Out, ApiJsonContext.Default.StatusObject)!;
        Assert.Equal(("running", 1, "e2e"), (json.State, json.Sessions, json.Labels["project"]));
        await using PtyProgram table = PtyProgram.Start([Host.Binary, "list"], new Dictionary<string, string>(daemon.Environ) { ["NO_COLOR"] = "1" });
        Assert.Equal(0, await table.ExitCodeAsync());
        Assert.DoesNotMatch("\e\\[3[0-9]m", table.Output.Text());
        Assert.Contains("NAME", table.Output.Text(), StringComparison.Ordinal);
    }

    /// <summary>Titles come from programs: nothing of theirs controls the terminal that lists them.</summary>
    [Fact]
    public async Task T96_A_hostile_title_is_harmless_in_a_list()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("titled", ["sh", "-c", "printf '\\033]2;evil \\302\\233 31m \\342\\200\\256 title\\007'; echo DONE; exec cat"]);
        await daemon.UntilScreenAsync("titled", "DONE");
        CliResult list = (await daemon.CliAsync("list")).Expect(0);
        Assert.DoesNotContain(list.Out, character => char.IsControl(character) && character != '\n' && character != '\t');
        Assert.Contains("evil", list.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_shows_text_ansi_json_and_html()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("red", ["sh", "-c", "printf '\\033[31mred <b>\\033[0m plain'; exec cat"]);
        await daemon.UntilScreenAsync("red", "plain");
        Assert.StartsWith("red <b> plain", (await daemon.CliAsync("screen", "red")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("\e[", (await daemon.CliAsync("screen", "red", "--format", "ansi")).Expect(0).Out, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse((await daemon.CliAsync("screen", "red", "--format", "json")).Expect(0).Out);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        Assert.Contains("red &lt;b&gt;", (await daemon.CliAsync("screen", "red", "--format", "html")).Expect(0).Out, StringComparison.Ordinal);
        (await daemon.CliAsync("screen", "red", "--format", "pdf")).Expect(2);
    }

    [Fact]
    public async Task Logs_are_text_without_sequences_or_raw_and_can_be_followed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("log", ["sh", "-c", "printf '\\033[1mbold\\033[0m\\n'; read go; echo more; exit 0"]);
        await daemon.UntilScreenAsync("log", "bold");
        Assert.Equal("bold\n", (await daemon.CliAsync("logs", "log")).Expect(0).Out.Replace("\r", "", StringComparison.Ordinal));
        Assert.Equal("\e[1mbold\e[0m\r\n", (await daemon.CliAsync("logs", "log", "--format", "raw")).Expect(0).Out);
        string file = Path.Combine(daemon.Folder, "log.txt");
        (await daemon.CliAsync("logs", "log", "--output", file)).Expect(0);
        Assert.Contains("bold", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        await using var follower = PipedProgram.Start([Host.Binary, "logs", "--follow", "log"], daemon.Environ);
        await follower.Output.UntilAsync("bold");
        await daemon.TypeAsync("log", "\r");
        await follower.Output.UntilAsync("more");
        await daemon.TerminateAsync("log");
        Assert.Equal(0, await follower.ExitCodeAsync());
    }

    [Fact]
    public async Task Send_types_and_rename_renames()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("old", ["cat"]);
        (await daemon.CliAsync("send", "old", "--enter", "two", "words")).Expect(0);
        await daemon.UntilScreenAsync("old", "two words\ntwo words");
        (await daemon.CliAsync("send", "old")).Expect(2);
        (await daemon.CliAsync("rename", "old", "new")).Expect(0);
        (await daemon.CliAsync("screen", "old")).Expect(3);
        Assert.Contains("two words", (await daemon.CliAsync("screen", "new")).Expect(0).Out, StringComparison.Ordinal);
        await daemon.NewAsync("other", ["cat"]);
        (await daemon.CliAsync("rename", "new", "other")).Expect(1);
    }

    [Fact]
    public async Task Events_tell_of_sessions_as_they_come_and_go()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using var events = PipedProgram.Start([Host.Binary, "events", "--json"], daemon.Environ);
        // The stream has begun once an event of a session that was made after it arrives.
        int attempt = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await daemon.NewAsync($"probe-{attempt++}", ["cat"]);
                return events.Output.Text().Contains("probe-", StringComparison.Ordinal);
            },
            "the stream begins");
        await daemon.NewAsync("watched", ["cat"]);
        await events.Output.UntilAsync("watched");
        int seen = events.Output.Length;
        await daemon.TerminateAsync("watched");
        await events.Output.UntilAsync("session.removed", seen);
        Assert.Contains("session.created", events.Output.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _sessiond sessiond")]
    [InlineData("zsh", "#compdef sessiond")]
    [InlineData("fish", "complete -c sessiond")]
    public async Task Completion_prints_a_script_that_the_shell_takes(string shell, string line)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string script = (await daemon.CliAsync("completion", shell)).Expect(0).Out;
        Assert.Contains(line, script, StringComparison.Ordinal);
        Host.Require(shell);
        string file = Path.Combine(daemon.Folder, "completion");
        await File.WriteAllTextAsync(file, script);
        string[] check = shell == "fish" ? ["fish", "--no-execute", file] : [shell, "-n", file];
        await using var program = PipedProgram.Start(check, Host.Environ());
        Assert.Equal(0, await program.ExitCodeAsync());
        await daemon.NewAsync("completed", ["cat"]);
        const string Typed = "sessiond attach com";
        Assert.Contains("completed", (await daemon.CliAsync($"[suggest:{Typed.Length}]", Typed)).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_codes_are_those_of_the_table()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await daemon.NewAsync("one", ["cat"]);
        (await daemon.CliAsync("--version")).Expect(0);
        (await daemon.CliAsync("no-such-verb")).Expect(2);
        (await daemon.CliAsync("attach")).Expect(2);
        (await daemon.CliAsync("screen", "absent")).Expect(3);
        (await daemon.CliAsync("attach", "absent")).Expect(3);
        (await daemon.CliAsync("terminate", "absent")).Expect(3);
        (await daemon.CliAsync("list", "--socket", "/nowhere/sessiond.sock")).Expect(4);
        string url = $"http://127.0.0.1:{daemon.Port}";
        string wrong = Path.Combine(daemon.Folder, "wrong-token");
        await File.WriteAllTextAsync(wrong, "wrong\n");
        (await daemon.CliAsync("--url", url, "--token-file", wrong, "list")).Expect(5);
        Assert.Contains("one", (await daemon.CliAsync("--url", url, "--token-file", Path.Combine(daemon.Folder, "token"), "list")).Expect(0).Out, StringComparison.Ordinal);
        (await daemon.CliAsync("--url", "http://127.0.0.1:1", "--token-file", wrong, "list")).Expect(4);
    }

    [Fact]
    public async Task Connect_without_a_terminal_exits_2_and_names_the_sessions()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("alpha", ["cat"]);
        CliResult result = (await daemon.CliAsync("connect")).Expect(2);
        Assert.Contains("alpha", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attaching_to_the_session_one_is_in_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("self", ["sh", "-c", $"'{Host.Binary}' attach self; echo code=$?; exec cat"]);
        await daemon.UntilScreenAsync("self", "code=2");
    }
}
