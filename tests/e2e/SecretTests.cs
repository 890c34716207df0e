using System.Text;

namespace Sessiond.E2e.Tests;

/// <summary>Secrets: handed to processes, and seen nowhere else (I13).</summary>
public sealed class SecretTests : IDisposable
{
    private const string Value = "s3cr3t-value-of-the-test";
    private readonly string _secrets = Directory.CreateTempSubdirectory("sessiond-secrets-").FullName;

    [Fact]
    public async Task I13_A_secret_reaches_sessions_and_is_in_no_list_log_argv_or_state()
    {
        Put("api-key", Value + "\n");
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + """
            [secrets]
            API_KEY = "api-key"
            [hooks]
            post_start = "echo hook has $API_KEY"
            """);
        await daemon.NewAsync("shell", shell: "printf 'len=%s ' ${#API_KEY}; i=0; while [ $i -lt 24 ]; do i=$((i+1)); printf %s \"$(printf %s \"$API_KEY\" | cut -c$i)\"; done; echo; exec cat");
        string screen = await daemon.UntilScreenAsync("shell", $"len={Value.Length}");
        Assert.Contains(Value, await daemon.UntilScreenAsync("shell", Value), StringComparison.Ordinal);
        string log = (await daemon.CliAsync("logs", "shell")).Expect(0).Out;
        Assert.Contains(new string('*', Value.Length), log, StringComparison.Ordinal);
        string[] told =
        [
            log, (await daemon.CliAsync("logs", "shell", "--format", "cast")).Out, (await daemon.CliAsync("logs", "shell", "--format", "raw")).Out,
            await daemon.Http.GetStringAsync("/v1/sessions"), await daemon.Http.GetStringAsync("/v1/status"), await daemon.Http.GetStringAsync("/v1/hooks"),
            (await daemon.CliAsync("list", "--json")).Out, daemon.Log,
        ];
        Assert.All(told, text => Assert.DoesNotContain(Value, text, StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await daemon.Http.GetStringAsync("/v1/hooks")).Contains("succeeded", StringComparison.Ordinal), () => "the hook succeeds");
        Assert.DoesNotContain(Value, daemon.Log, StringComparison.Ordinal);
        daemon.Process.Signal(15);
        await daemon.Process.ExitCodeAsync();
        foreach (string path in Directory.EnumerateFiles(daemon.StateDir, "*", SearchOption.AllDirectories))
        {
            Assert.False(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path)).Contains(Value, StringComparison.Ordinal), path);
        }
    }

    [Fact]
    public async Task I13_What_a_program_that_outlived_its_daemon_prints_of_its_secrets_is_covered()
    {
        const string Own = "0wn-value-of-the-test";
        Put("api-key", Value + "\n");
        Put("own-key", Own + "\n");
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + "[secrets]\nAPI_KEY = \"api-key\"\n");
        await daemon.NewAsync("shell", shell: "echo has ${#API_KEY} and ${#OWN_KEY}; until [ -e crashed ]; do sleep 0.02; done; echo \"$API_KEY $OWN_KEY printed\"; exec cat");
        await daemon.UntilScreenAsync("shell", $"has {Value.Length} and 0");
        using (HttpResponseMessage response = await daemon.Http.PatchAsync("/v1/sessions/shell", TestDaemon.Json("""{"secrets":{"OWN_KEY":"own-key"}}""")))
        {
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }

        await daemon.PostAsync("v1/sessions/shell/restart");
        await daemon.UntilScreenAsync("shell", $"has {Value.Length} and {Own.Length}");
        await daemon.CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "crashed"), "");
        await daemon.UntilScreenAsync("shell", $"{Value} {Own} printed");
        string covered = $"{new string('*', Value.Length)} {new string('*', Own.Length)} printed";
        Assert.Contains(covered, (await daemon.CliAsync("logs", "shell")).Expect(0).Out, StringComparison.Ordinal);
        daemon.Process.Signal(15);
        await daemon.Process.ExitCodeAsync();
        string[] kept = [.. Directory.EnumerateFiles(daemon.StateDir, "*", SearchOption.AllDirectories).Select(path => Encoding.Latin1.GetString(File.ReadAllBytes(path)))];
        Assert.Contains(kept, text => text.Contains(covered, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain(Value, text, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain(Own, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task I13_A_value_that_was_replaced_since_is_covered_for_the_program_that_still_has_it_over_a_crash()
    {
        Put("api-key", Value);
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + "[secrets]\nOTHER = \"not-there\"\nAPI_KEY = \"api-key\"\n");
        await daemon.NewAsync("old", shell: "echo has ${#API_KEY}; until [ -e crashed ]; do sleep 0.02; done; echo \"$API_KEY printed\"; exec cat");
        await daemon.UntilScreenAsync("old", $"has {Value.Length}");
        Put("api-key", "its-successor");
        await daemon.CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "crashed"), "");
        await daemon.UntilScreenAsync("old", $"{Value} printed");
        Assert.Contains($"{new string('*', Value.Length)} printed", (await daemon.CliAsync("logs", "old")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I13_A_script_before_the_program_leaves_no_secret_in_a_file_and_no_file_over_a_crash()
    {
        Put("api-key", Value + "\n");
        string temporary = Directory.CreateDirectory(Path.Combine(_secrets, "tmp")).FullName;
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            Provider + """
            [secrets]
            API_KEY = "api-key"
            [[sessions]]
            name = "server"
            shell = "/bin/sh"
            before = "env() { command env \"$@\" | tee -a \"$PWD/left\"; }; touch runs; until [ -e go ]; do sleep 0.02; done; export LEFT=by-before"
            command = "echo has $LEFT and ${#API_KEY}; exec cat"
            """,
            environment: [("TMPDIR", temporary)]);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(daemon.Folder, "runs")), "the script runs");
        Assert.Single(Directory.GetDirectories(temporary, "sessiond-env-*"));
        await daemon.CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "go"), "");
        await daemon.UntilScreenAsync("server", $"has by-before and {Value.Length}");
        Assert.Empty(Directory.GetDirectories(temporary, "sessiond-env-*"));
        string left = await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "left"));
        Assert.Contains("LEFT=by-before", left, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T91_A_changed_secret_is_the_next_sessions_and_marks_the_running_one_stale()
    {
        Put("api-key", "first-value");
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + "[secrets]\nAPI_KEY = \"api-key\"\n");
        await daemon.NewAsync("old", shell: "echo have-${API_KEY%-value}; exec cat");
        await daemon.UntilScreenAsync("old", "have-first");
        Put("api-key", "second-value");
        (await daemon.CliAsync("env", "reload")).Expect(0);
        Assert.True((await daemon.SessionAsync("old")).EnvStale);
        await daemon.NewAsync("new", shell: "echo have-${API_KEY%-value}; exec cat");
        await daemon.UntilScreenAsync("new", "have-second");
        Assert.False((await daemon.SessionAsync("new")).EnvStale);
        (await daemon.CliAsync("restart", "old")).Expect(0);
        await daemon.UntilScreenAsync("old", "have-second");
        Assert.False((await daemon.SessionAsync("old")).EnvStale);
    }

    [Fact]
    public async Task I14_A_missing_required_secret_fails_the_devbox_leaves_a_shell_and_a_reload_mends_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + """
            [secrets]
            TOKEN = { name = "gh-token", required = true }
            [[sessions]]
            name = "server"
            command = "echo started with ${TOKEN%-x}; exec cat"
            """);
        Assert.Equal("failed", (await daemon.UntilStateAsync("server", "failed")).State);
        Assert.Contains("secret gh-token is missing", (await daemon.SessionAsync("server")).Reason, StringComparison.Ordinal);
        Assert.Equal("failed", (await daemon.StatusAsync()).State);
        await daemon.NewAsync("rescue", shell: "echo still here; exec cat");
        await daemon.UntilScreenAsync("rescue", "still here");
        Put("gh-token", "present-x");
        (await daemon.CliAsync("env", "reload")).Expect(0);
        await daemon.UntilScreenAsync("server", "started with present");
        await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).State == "running", () => "the devbox runs");
    }

    [Fact]
    public async Task A_secret_as_a_file_is_there_with_its_mode_and_one_for_hooks_is_not_the_sessions()
    {
        Put("tls", "key material");
        Put("hooks-only", "for the hook");
        string path = Path.Combine(_secrets, "out", "app.key");
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + $$"""
            [secrets]
            TLS_KEY = { name = "tls", as = "file", path = "{{path}}", mode = "0440" }
            HOOK_ONLY = { name = "hooks-only", scope = ["hooks"] }
            [hooks]
            post_start = "test \"$HOOK_ONLY\" = 'for the hook' && echo the hook has it"
            """);
        await daemon.NewAsync("shell", shell: "echo file=$(basename $TLS_KEY) hook=${HOOK_ONLY:-none} $(stat -c %a $TLS_KEY); exec cat");
        await daemon.UntilScreenAsync("shell", "file=app.key hook=none 440");
        Assert.Equal("key material", await File.ReadAllTextAsync(path));
        await Eventually.TrueAsync(async () => (await daemon.Http.GetStringAsync("/v1/hooks")).Contains("succeeded", StringComparison.Ordinal), () => "the hook has its secret");
    }

    [Fact]
    public async Task Programs_that_start_at_the_same_time_all_find_the_file_of_a_secret()
    {
        Put("key", new string('k', 50_000));
        string path = Path.Combine(_secrets, "out", "app.key");
        var spec = new StringBuilder(Provider + $"[secrets]\nKEY = {{ name = \"key\", required = true, as = \"file\", path = \"{path}\" }}\n");
        for (int i = 0; i < 30; i++) spec.Append($"[[sessions]]\nname = \"s{i}\"\ncommand = \"wc -c <$KEY; exec cat\"\n");
        await using TestDaemon daemon = await TestDaemon.StartAsync(spec.ToString());
        for (int i = 0; i < 30; i++) await daemon.UntilScreenAsync($"s{i}", "50000");
        Assert.Equal("app.key", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!))));
    }

    [Fact]
    public async Task A_provider_that_is_a_program_is_asked_by_name()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [secret_provider]
            type = "exec"
            command = ["/bin/sh", "-c", "echo value-of-$1", "sh"]
            [secrets]
            PASSWORD = "db-password"
            """);
        await daemon.NewAsync("shell", shell: "test \"$PASSWORD\" = value-of-db-password && echo it fits; exec cat");
        await daemon.UntilScreenAsync("shell", "it fits");
    }

    [Fact]
    public async Task I13_A_provider_that_is_the_daemons_environment_hands_out_what_the_spec_says_and_nothing_else_of_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            """
            [secret_provider]
            type = "env"
            [secrets]
            API_KEY = "PLATFORM_KEY"
            HOOK_KEY = { name = "PLATFORM_HOOK_KEY", scope = ["hooks"] }
            [hooks]
            post_start = "test \"$HOOK_KEY\" = value-for-hooks && echo the hook has it"
            """,
            environment: [("PLATFORM_KEY", "value-for-sessions"), ("PLATFORM_HOOK_KEY", "value-for-hooks")]);
        await daemon.NewAsync("shell", shell: "test \"$API_KEY\" = value-for-sessions && echo fits; env | grep -c -e PLATFORM -e HOOK_KEY; exec cat");
        await daemon.UntilScreenAsync("shell", "fits\n0");
        await daemon.UntilHookAsync("post_start", "succeeded");
    }

    [Fact]
    public async Task I13_A_value_is_covered_where_one_file_of_a_log_ends_and_the_next_begins()
    {
        Put("api-key", Value);
        await using TestDaemon daemon = await TestDaemon.StartAsync(Provider + "[logs]\nmax_size = \"128KiB\"\n[secrets]\nAPI_KEY = \"api-key\"\n");
        // Each line of another length, so that files end at every place within a value.
        await daemon.NewAsync("shell", shell: "i=0; while [ $i -lt 6000 ]; do i=$((i+1)); printf '%*s%s\\n' $((i % 37)) '' \"$API_KEY\"; done; echo all-of-it; exec cat");
        await daemon.UntilScreenAsync("shell", "all-of-it");
        daemon.Process.Signal(SignalNames.Terminate);
        await daemon.Process.ExitCodeAsync();
        string[] files = Directory.GetFiles(Path.Combine(daemon.StateDir, "logs", "shell"), "*.raw");
        Assert.InRange(files.Length, 3, 9);
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 64 << 10, 160 << 10);
        string? end = null;
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            string text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            // Neither whole nor in two files; six characters of it are no accident.
            for (int at = 0; at + 6 <= Value.Length; at++) Assert.DoesNotContain(Value.Substring(at, 6), end + text, StringComparison.Ordinal);
            end = text[^Math.Min(text.Length, Value.Length)..];
        }
    }

    public void Dispose() => Directory.Delete(_secrets, recursive: true);

    private string Provider => $"[secret_provider]\ntype = \"files\"\ndir = \"{_secrets}\"\n";

    private void Put(string name, string value) => File.WriteAllText(Path.Combine(_secrets, name), value);
}
