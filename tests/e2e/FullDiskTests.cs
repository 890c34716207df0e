using System.Text.RegularExpressions;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>T86: a state folder without room. Sessions go on, what is lost is told once, nothing is half written, and it is over when there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task T86_A_disk_that_fills_up_costs_logs_and_says_so_and_recovers()
    {
        await using TestDaemon daemon = await StartAsync("""
            [logs]
            max_size = "64KiB"
            [hooks]
            on_create = "echo ran"
            [[sessions]]
            name = "busy"
            command = "stty -echo; exec cat"
            """);
        await daemon.UntilHookAsync("on_create", "succeeded");
        await daemon.UntilStateAsync("busy", "running");
        await daemon.TypeAsync("busy", "before\r");
        await Eventually.TrueAsync(() => File.Exists(Root(daemon) + "/logs/busy/00000000000000000000.raw") && new FileInfo(Root(daemon) + "/logs/busy/00000000000000000000.raw").Length > 0, "a log on disk");
        Fill(daemon);
        // More than the ring holds: what is between is lost, and the newest is not.
        string line = new('x', 1000);
        for (int i = 0; i < 3; i++)
        {
            for (int part = 0; part < 20; part++) await daemon.TypeAsync("busy", string.Concat(Enumerable.Repeat(line + "\r", 20)));
            await daemon.TypeAsync("busy", $"mark-{i}\r");
            await daemon.UntilScreenAsync("busy", $"mark-{i}");
        }

        await using (WireClient client = await daemon.AttachAsync("busy"))
        {
            await client.UntilAsync("mark-2");
            await client.TypeAsync("typed while it is full\r");
            await client.UntilAsync("typed while it is full");
        }

        StatusObject status = await daemon.StatusAsync();
        Assert.Equal("running", status.State);
        Assert.Contains(status.Warnings, warning => warning.StartsWith("logs cannot be written: No space left", StringComparison.Ordinal));
        CliResult token = await daemon.CliAsync("token", "create", "lost");
        Assert.Equal(1, token.ExitCode);
        Assert.Contains("No space left", token.Error, StringComparison.Ordinal);
        await daemon.RerunAsync("on_create");
        await Eventually.TrueAsync(async () => (await daemon.HookAsync("on_create")) is { State: "succeeded", Reason: { } reason } && reason.Contains("marker", StringComparison.Ordinal), "the hook says that its marker is missing");
        await daemon.NewAsync("rescue", ["cat"]);
        await daemon.UntilStateAsync("rescue", "running");
        MakeRoom(daemon);
        await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Warnings.All(warning => !warning.Contains("written", StringComparison.Ordinal)), "it is over");
        await Eventually.TrueAsync(async () => (await daemon.HookAsync("on_create")).Reason is null, "the marker is written");
        await daemon.Process.Output.UntilAsync("logs can be written again");
        Assert.Single(Regex.Matches(daemon.Log, "logs cannot be written"));
        Assert.Single(Regex.Matches(daemon.Log, @"logs can be written again; \d+ bytes of output are missing in them"));
        await daemon.TypeAsync("busy", "after\r");
        await Eventually.TrueAsync(async () => (await LogAsync(daemon)).Contains("after", StringComparison.Ordinal), "what came after");
        string log = await LogAsync(daemon);
        Assert.StartsWith("before", log, StringComparison.Ordinal);
        Assert.Contains("were not kept]", log, StringComparison.Ordinal);
        Assert.Contains("mark-2", log, StringComparison.Ordinal);
        Assert.Contains("typed while it is full", log, StringComparison.Ordinal);
        (await daemon.CliAsync("token", "create", "kept")).Expect(0);
        await NothingIsHalfWrittenAsync(daemon);
    }

    [Fact]
    public async Task T86_A_disk_that_is_full_at_the_start_hinders_nobody()
    {
        await using TestDaemon daemon = await StartAsync("""
            [defaults]
            shell = "/bin/sh"
            [hooks]
            on_create = "echo ran"
            [[sessions]]
            name = "busy"
            init = "echo initialised"
            command = "echo started; exec cat"
            """, isFull: true);
        await daemon.UntilScreenAsync("busy", "started");
        await daemon.UntilDevboxAsync("running");
        await using WireClient client = await daemon.AttachAsync("busy");
        await client.TypeAsync("hello\r");
        await client.UntilAsync("hello\r\nhello");
        // In this life it ran, whatever is on the disk.
        await daemon.PostAsync("v1/sessions/busy/restart");
        await daemon.UntilStateAsync("busy", "running");
        Assert.Single(Regex.Matches(await LogAsync(daemon), "initialised"));
        Assert.Contains("marker", (await daemon.HookAsync("on_create")).Reason, StringComparison.Ordinal);
        MakeRoom(daemon);
        await Eventually.TrueAsync(async () => (await daemon.HookAsync("on_create")).Reason is null && (await daemon.StatusAsync()).Warnings.All(warning => !warning.Contains("written", StringComparison.Ordinal)), "it is over");
        Assert.Contains(Inside(daemon), name => name == "session.busy.init");
        Assert.StartsWith("initialised", await LogAsync(daemon), StringComparison.Ordinal);
        await NothingIsHalfWrittenAsync(daemon);
    }

    [Fact]
    public async Task I14_What_fails_for_want_of_room_comes_back_by_rerun_and_reload()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "key"), new string('k', 40_000));
        await using TestDaemon daemon = await StartAsync($$"""
            [secret_provider]
            dir = "{{_folder.Path}}"
            [secrets]
            KEY = { name = "key", required = true, as = "file", path = "{{_folder.Path}}/state/secret/app.key", scope = ["sessions"] }
            [hooks]
            update_content = "head -c 100000 /dev/zero >{{_folder.Path}}/state/data"
            [[sessions]]
            name = "server"
            primary = true
            command = "wc -c <$KEY; exec cat"
            """, isFull: true);
        StatusObject failed = await daemon.UntilDevboxAsync("failed");
        Assert.Contains("update_content", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("No space left", await daemon.HookLogAsync("update_content"), StringComparison.Ordinal);
        await daemon.NewAsync("rescue", shell: "echo rescued; exec cat");
        Assert.Contains("app.key cannot be written", await daemon.UntilScreenAsync("rescue", "rescued"), StringComparison.Ordinal);
        Assert.DoesNotContain(Inside(daemon), name => name.StartsWith("app.key", StringComparison.Ordinal));
        // The hook finds room, the secret does not yet.
        File.Delete(Root(daemon) + "/data");
        File.WriteAllBytes(Root(daemon) + "/fill", new byte[130_000]);
        (await daemon.CliAsync("hooks", "rerun", "update_content")).Expect(0);
        await daemon.UntilHookAsync("update_content", "succeeded");
        Fill(daemon);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("server")).Reason?.Contains("app.key cannot be written", StringComparison.Ordinal) == true, "the session says why");
        await daemon.UntilDevboxAsync("failed");
        MakeRoom(daemon);
        (await daemon.CliAsync("env", "reload")).Expect(0);
        await daemon.UntilScreenAsync("server", "40000");
        await daemon.UntilDevboxAsync("running");
        await NothingIsHalfWrittenAsync(daemon);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A daemon whose state folder is a small file system of its own, that nobody else sees.</summary>
    private async Task<TestDaemon> StartAsync(string spec, bool isFull = false)
    {
        string state = Path.Combine(_folder.Path, "state");
        Directory.CreateDirectory(state);
        string fill = isFull ? $"head -c 300000 /dev/zero >{state}/fill 2>/dev/null;" : "";
        string script = $"mount -t tmpfs -o size=256k none {state} && {{ {fill} exec \"$@\"; }}";
        string[] namespaces = UserDatabase.IsRoot ? ["unshare", "-m"] : ["unshare", "-rm"];
        await using (var probe = PipedProgram.Start([.. namespaces, "sh", "-c", script, "sh", "true"], Host.Environ()))
        {
            Assert.SkipUnless(await probe.ExitCodeAsync() == 0, "no file system can be mounted here");
        }

        string folder = _folder.Release();
        return await TestDaemon.StartVerbatimAsync(folder, $"schema = 1\nworkspace = \"{folder}\"\n{spec}", wrapper: [.. namespaces, "sh", "-c", script, "sh"]);
    }

    private static string Root(TestDaemon daemon) => $"/proc/{daemon.Pid}/root{daemon.StateDir}";

    private static void Fill(TestDaemon daemon)
    {
        using var file = new FileStream(Root(daemon) + "/fill", FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        try
        {
            while (true) file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void MakeRoom(TestDaemon daemon) => File.Delete(Root(daemon) + "/fill");

    private static IReadOnlyList<string> Inside(TestDaemon daemon) =>
        [.. Directory.EnumerateFiles(Root(daemon), "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];

    /// <summary>A file that is being written is whole in a moment.</summary>
    private static Task NothingIsHalfWrittenAsync(TestDaemon daemon) =>
        Eventually.TrueAsync(() => !Inside(daemon).Any(name => name.EndsWith(".new", StringComparison.Ordinal)), "nothing is half written");

    private static Task<string> LogAsync(TestDaemon daemon) => daemon.Http.GetStringAsync("v1/sessions/busy/logs");
}
