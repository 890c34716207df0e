using System.Runtime.CompilerServices;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Each spec of packaging/examples is right, and does what it says when it is started.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task The_node_web_app_is_prepared_and_served()
    {
        Host.Require("npm");
        using var port = new HealthServer();
        await using TestDaemon daemon = await StartAsync("node-web-app", text => text.Replace("port = 3000", $"port = {port.Port}", StringComparison.Ordinal), port);
        await daemon.UntilDevboxAsync("running");
        SessionObject server = await daemon.UntilReadyAsync("server");
        using var http = new HttpClient();
        Assert.Equal("hello from the shop\n", await http.GetStringAsync(new Uri(server.Url!)));
        Assert.Equal("succeeded", (await daemon.UntilHookAsync("assets", "succeeded")).State);
        Assert.Equal(["session:server"], (await daemon.StatusAsync()).Activity!.BusyBy);
        Assert.Equal("stopped", (await daemon.SessionAsync("tests")).State);
        await using WireClient client = await daemon.AttachAsync("tests");
        await daemon.UntilHookAsync("post_attach", "succeeded");
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("tests")).ExitCode is not null, "the tests' end");
    }

    [Fact]
    public async Task The_notebook_is_ready()
    {
        Host.Require("jupyter-notebook");
        await using TestDaemon daemon = await StartAsync("python-jupyter");
        await daemon.UntilDevboxAsync("running");
        Assert.NotNull((await daemon.UntilReadyAsync("notebook")).Port);
        await daemon.PostAsync("v1/sessions/train/start");
        await daemon.UntilScreenAsync("train", "epoch 1: loss 1.000");
        Assert.Contains("session:train", (await daemon.StatusAsync()).Activity!.BusyBy);
    }

    [Fact]
    public async Task The_editor_is_ready_where_code_server_is_installed_and_elsewhere_says_what_is_missing()
    {
        await using TestDaemon daemon = await StartAsync("code-server");
        await daemon.UntilStateAsync("shell", "running");
        if (Host.Find("code-server") is null) await daemon.UntilScreenAsync("editor", "not found");
        else await daemon.UntilReadyAsync("editor");
    }

    [Fact]
    public async Task Services_start_one_after_the_other()
    {
        Host.Require("python3");
        using var database = new HealthServer();
        using var api = new HealthServer();
        await using TestDaemon daemon = await StartAsync(
            "multi-service",
            text => text.Replace("5433", $"{database.Port}", StringComparison.Ordinal).Replace("8080", $"{api.Port}", StringComparison.Ordinal), database, api);
        await daemon.UntilReadyAsync("worker");
        await daemon.UntilDevboxAsync("running");
        SessionObject[] order = [await daemon.SessionAsync("db"), await daemon.SessionAsync("api"), await daemon.SessionAsync("worker")];
        Assert.Equal(order, order.OrderBy(session => session.StartedAt));
        HookObject migrate = await daemon.HookAsync("migrate");
        Assert.InRange(migrate.StartedAt!.Value, order[0].StartedAt!.Value, order[1].StartedAt!.Value);
    }

    [Fact]
    public async Task The_sessions_of_a_namespace_spec_run()
    {
        Host.Require("npm");
        await using TestDaemon daemon = await StartAsync("namespace");
        await daemon.UntilScreenAsync("server", "dev runs");
        await daemon.UntilScreenAsync("worker", "worker runs");
    }

    [Fact]
    public async Task The_commands_of_a_devcontainer_run()
    {
        await using TestDaemon daemon = await StartAsync("devcontainer");
        await daemon.UntilDevboxAsync("running");
        Assert.Equal("created\n", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "created.txt")));
        await daemon.UntilScreenAsync("greeter", "hello from ");
        Assert.Equal(["on_create", "update_content", "one", "two", "post_attach"], (await daemon.StatusAsync()).Hooks.Select(hook => hook.Name));
        Assert.All((await daemon.StatusAsync()).Hooks.Take(4), hook => Assert.Equal("succeeded", hook.State));
    }

    /// <summary>The example as it stands, in a folder of its own, which is the workspace too; checked first.</summary>
    private static async Task<TestDaemon> StartAsync(string name, Func<string, string>? change = null, params HealthServer[] ports)
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        string example = Path.Combine(Repository(), "packaging", "examples", name);
        foreach (string file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(example, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await using (var check = PipedProgram.Start([Host.Binary, "check", Path.Combine(example, "sessiond.toml")], Host.Environ(), folder))
        {
            Assert.True(await check.ExitCodeAsync() == 0, check.Output.Text());
        }

        string text = await File.ReadAllTextAsync(Path.Combine(example, "sessiond.toml"));
        // A port that was reserved is free for the server a moment later.
        foreach (HealthServer port in ports) port.Dispose();
        return await TestDaemon.StartVerbatimAsync(folder, change is null ? text : change(text));
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));
}
