using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Every kind of broken spec: said where and what; the daemon is up and the rest runs (I14).</summary>
public sealed class BrokenSpecTests
{
    private const string Good = """
        schema = 1
        [[sessions]]
        name = "good"
        command = "echo alive; exec cat"

        """;

    /// <summary>Spec text that follows the good session, what the message names, and where it is.</summary>
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "[[sessions]]\nname = \"other\"\ncomand = \"true\"\n", ":7:1: ", "command" },
        { "[defaults]\nscrolback = 5\n", ":6:1: ", "scrollback" },
        { "[[sessions]]\nname = \"other\"\nport = \"eighty\"\n", ":7:8: ", "port" },
        { "[[sessions]]\nname = \"good\"\n", ":6:1: ", "good" },
        { "[[sessions]]\nname = \"a/b\"\n", ":6:8: ", "a/b" },
        { "[[sessions]]\nname = \"other\"\nneeds = [\"hook:absent\"]\n", ":7:", "absent" },
        { "[[sessions]]\nname = \"a\"\nneeds = [\"session:b\"]\n[[sessions]]\nname = \"b\"\nneeds = [\"session:a\"]\n", ":7:1: ", "session:a → session:b → session:a" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_key_is_told_with_its_place_and_the_other_sessions_run(string wrong, string place, string named)
    {
        using var folder = new TemporaryFolder();
        string text = Good + wrong;
        await AssertCheckAsync(folder, text, place, named);
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(folder.Release(), text);
        await daemon.UntilScreenAsync("good", "alive");
        StatusObject status = await daemon.StatusAsync();
        Assert.Equal("failed", status.State);
        Assert.Contains($"spec.toml{place}", status.Reason, StringComparison.Ordinal);
        Assert.Contains(named, status.Reason, StringComparison.Ordinal);
        Assert.Contains($"spec.toml{place}", daemon.Log, StringComparison.Ordinal);
        using HttpResponseMessage ready = await daemon.Http.GetAsync("readyz");
        Assert.Equal(503, (int)ready.StatusCode);
        using HttpResponseMessage healthy = await daemon.Http.GetAsync("healthz");
        Assert.Equal(200, (int)healthy.StatusCode);
    }

    [Fact]
    public async Task A_syntax_error_is_told_with_its_place_and_a_session_can_be_made()
    {
        using var folder = new TemporaryFolder();
        const string Text = "schema = 1\n[[sessions]\nname = \"good\"\n";
        await AssertCheckAsync(folder, Text, ":2:", "]");
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(folder.Release(), Text);
        StatusObject status = await daemon.StatusAsync();
        Assert.Equal("failed", status.State);
        Assert.Contains("spec.toml:2:", status.Reason, StringComparison.Ordinal);
        await daemon.NewAsync("repair", ["cat"]);
        await daemon.TypeAsync("repair", "usable\r");
        await daemon.UntilScreenAsync("repair", "usable");
    }

    [Fact]
    public async Task A_spec_that_is_not_there_leaves_a_usable_daemon()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        CliResult check = await daemon.CliAsync("check", "/nowhere/spec.toml");
        check.Expect(1);
        Assert.Contains("/nowhere/spec.toml", check.Out + check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tells_all_errors_at_once_one_a_line_and_nothing_about_a_right_spec()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "many.toml");
        await File.WriteAllTextAsync(file, "schema = 1\nworkspac = \"/tmp\"\n[daemon]\nmax_sessions = \"many\"\n[[sessions]]\ncommand = \"true\"\n");
        CliResult check = (await daemon.CliAsync("check", file)).Expect(1);
        string[] lines = check.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(file) + @":\d+:\d+: \S", line));
        await File.WriteAllTextAsync(file, Good);
        Assert.Equal("", (await daemon.CliAsync("check", file)).Expect(0).Out);
    }

    [Fact]
    public async Task Check_explains_what_a_layer_says_and_prints_the_schema()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "explained.toml");
        await File.WriteAllTextAsync(file, Good + "[hooks]\npost_start = \"make\"\n");
        string text = (await daemon.CliAsync("check", "--explain", file)).Expect(0).Out;
        Assert.Contains($"{file}:", text, StringComparison.Ordinal);
        Assert.Contains("sessions[good].command = \"echo alive; exec cat\"", text, StringComparison.Ordinal);
        Assert.Contains("hooks.post_start = \"make\"", text, StringComparison.Ordinal);
        using System.Text.Json.JsonDocument schema = System.Text.Json.JsonDocument.Parse((await daemon.CliAsync("check", "--schema")).Expect(0).Out);
        Assert.True(schema.RootElement.GetProperty("properties").TryGetProperty("hook", out _));
    }

    /// <summary>Commands and folders that are not there: the session fails with the reason, the devbox is degraded.</summary>
    [Theory]
    [InlineData("command = [\"/nowhere/program\"]", "no such file")]
    [InlineData("command = [\"no-such-program\"]", "no such file")]
    [InlineData("command = [\"/tmp\"]", "permission denied")]
    [InlineData("cwd = \"/nowhere/folder\"", "/nowhere/folder")]
    [InlineData("user = \"no-such-user\"", "no-such-user")]
    public async Task A_session_that_cannot_start_is_failed_with_the_reason_and_the_rest_runs(string wrong, string reason)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync($"""
            [[sessions]]
            name = "good"
            command = "echo alive; exec cat"
            [[sessions]]
            name = "bad"
            {wrong}
            """);
        await daemon.UntilScreenAsync("good", "alive");
        SessionObject bad = await daemon.UntilStateAsync("bad", "failed");
        Assert.Contains(reason, bad.Reason, StringComparison.Ordinal);
        Assert.Null(bad.ExitCode);
        Assert.Null(bad.Pid);
        StatusObject status = await daemon.StatusAsync();
        Assert.Contains("bad", status.Degraded);
        Assert.DoesNotContain("good", status.Degraded);
        await daemon.UntilScreenAsync("bad", reason.Split('/')[0]);
    }

    [Fact]
    public async Task A_primary_session_that_cannot_start_makes_the_devbox_failed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "main"
            command = ["/nowhere/program"]
            primary = true
            """);
        await daemon.UntilStateAsync("main", "failed");
        StatusObject status = await daemon.StatusAsync();
        Assert.Equal("failed", status.State);
        Assert.Contains("main", status.Reason, StringComparison.Ordinal);
    }

    private static async Task AssertCheckAsync(TemporaryFolder folder, string text, string place, string named)
    {
        string file = Path.Combine(folder.Path, "checked.toml");
        await File.WriteAllTextAsync(file, text);
        await using var program = PipedProgram.Start([Host.Binary, "check", file], Host.Environ());
        Assert.Equal(1, await program.ExitCodeAsync());
        Assert.Contains($"{file}{place}", program.Output.Text(), StringComparison.Ordinal);
        Assert.Contains(named, program.Output.Text(), StringComparison.Ordinal);
    }

    /// <summary>In a mount namespace of its own, where /etc and /run are the test's.</summary>
    [Fact]
    public async Task The_layers_of_a_machine_are_found_in_their_places_and_the_stronger_one_counts()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string> layers = new()
        {
            ["etc/sessiond/sessiond.toml"] = "workspace = \"/mnt\"\napp_dir = \"app\"\n[env]\nFROM = \"image\"\n[hooks]\npost_start = \"echo image\"\n[[sessions]]\nname = \"web\"\ncommand = \"one\"\nport = 3000",
            ["etc/sessiond/conf.d/10-platform.toml"] = "[daemon]\nmax_sessions = 7\n[env]\nFROM = \"platform\"",
            ["etc/sessiond/conf.d/20-more.toml"] = "[hooks]\npost_start = \"echo platform\"",
            ["mnt/.sessiond.toml"] = "[env]\nFROM = \"workspace\"\n[daemon]\nmax_sessions = 9\n[[sessions]]\nname = \"web\"\ncommand = \"two\"",
            ["mnt/app/.sessiond.toml"] = "[env]\nFROM = \"app\"",
            ["run/sessiond/overlay.toml"] = "[env]\nFROM = \"overlay\"",
        };
        foreach ((string path, string text) in layers)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, path), "schema = 1\n" + text + "\n");
        }

        string script = "for f in etc run mnt; do [ $f = etc ] && cp /etc/passwd /etc/group \"$1/etc\"; mount --bind \"$1/$f\" /$f || exit 77; done; shift; exec \"$@\" 2>&1";
        string[] namespaces = UserDatabase.IsRoot ? ["unshare", "-m"] : ["unshare", "-rm"];
        await using var check = PipedProgram.Start([.. namespaces, "sh", "-c", script, "sh", folder.Path, Host.Binary, "check", "--explain"], Host.Environ());
        int code = await check.ExitCodeAsync();
        Assert.SkipWhen(code == 77, "nothing can be mounted here");
        string told = check.Output.Text().Replace("\r", "", StringComparison.Ordinal);
        Assert.True(code == 1, told);
        Assert.Matches(@"/mnt/\.sessiond\.toml:[45]:\d+: .*daemon", told);
        string[] froms = [.. told.Split('\n').Where(line => line.Contains("env.FROM", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.Equal(
            [
                "5: env.FROM = \"image\"   (replaced by /run/sessiond/overlay.toml:3)", "5: env.FROM = \"platform\"   (replaced by /run/sessiond/overlay.toml:3)",
                "3: env.FROM = \"workspace\"   (replaced by /run/sessiond/overlay.toml:3)", "3: env.FROM = \"app\"   (replaced by /run/sessiond/overlay.toml:3)", "3: env.FROM = \"overlay\"",
            ],
            froms);
        Assert.Contains("sessions[web].command = \"one\"   (replaced by /mnt/.sessiond.toml:", told, StringComparison.Ordinal);
        Assert.Contains("hooks.post_start = \"echo image\"\n", told, StringComparison.Ordinal);
        Assert.Contains("hooks.post_start = \"echo platform\"\n", told, StringComparison.Ordinal);
    }
}
