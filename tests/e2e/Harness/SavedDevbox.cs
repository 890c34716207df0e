using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>
/// A daemon with auto-commit, its workspace a clone of a bare repository beside it. At its end every repository must be whole and nothing of a save left behind.
/// </summary>
internal sealed class SavedDevbox : IAsyncDisposable
{
    private readonly string _folder;

    private SavedDevbox(string folder)
    {
        _folder = folder;
        Origin = new GitFolder(Path.Combine(folder, "origin.git"));
        Work = new GitFolder(Path.Combine(folder, "work"));
    }

    /// <summary>The remote.</summary>
    internal GitFolder Origin { get; }

    /// <summary>The workspace: one commit with <c>a.txt</c>, pushed.</summary>
    internal GitFolder Work { get; }

    internal TestDaemon Daemon { get; private set; } = null!;

    internal string Folder => _folder;

    /// <summary>Starts one.</summary>
    /// <param name="keys">Lines of <c>[auto_commit]</c>; the interval is 1 s where none of them says otherwise.</param>
    /// <param name="prepare">Changes the workspace before the daemon starts.</param>
    /// <param name="top">Lines above the table.</param>
    /// <param name="home">HOME of what sessiond runs; null: the test's.</param>
    /// <param name="wrapper">A program and arguments that execute the daemon.</param>
    internal static async Task<SavedDevbox> StartAsync(
        string keys = "", Func<SavedDevbox, Task>? prepare = null, string top = "", Func<SavedDevbox, string>? home = null, string[]? wrapper = null)
    {
        var devbox = new SavedDevbox(Directory.CreateTempSubdirectory("sessiond-e2e-").FullName);
        await MakeAsync(devbox._folder, "init", "-q", "--bare", "-b", "main", devbox.Origin.Path);
        await MakeAsync(devbox._folder, "init", "-q", "-b", "main", devbox.Work.Path);
        await IdentifyAsync(devbox.Work, "Worker");
        await devbox.Work.GitAsync("remote", "add", "origin", devbox.Origin.Path);
        devbox.Work.Write("a.txt", "one\ntwo\nthree\n");
        await devbox.Work.CommitAsync("first");
        await devbox.Work.GitAsync("push", "-q", "origin", "main");
        if (prepare is not null) await prepare(devbox);
        string interval = keys.Contains("interval", StringComparison.Ordinal) ? "" : "interval = \"1s\"\n";
        string spec = $"schema = 1\nworkspace = \"{devbox.Work.Path}\"\n{top}\n[auto_commit]\n{interval}{keys}\n";
        if (home is not null) spec += $"[env]\nHOME = \"{home(devbox)}\"\n";
        devbox.Daemon = await TestDaemon.StartVerbatimAsync(devbox._folder, spec, wrapper: wrapper);
        // It listens before it has looked at what the spec asks for.
        await devbox.UntilAsync(status => status.Enabled, "it follows its spec");
        return devbox;
    }

    /// <summary>Another clone of the remote, for somebody else.</summary>
    internal async Task<GitFolder> CloneAsync(string name)
    {
        await MakeAsync(_folder, "clone", "-q", Origin.Path, name);
        var clone = new GitFolder(Path.Combine(_folder, name));
        await IdentifyAsync(clone, name);
        return clone;
    }

    /// <summary>Kills the daemon, and waits for the next one.</summary>
    internal Task CrashAsync() => Daemon.CrashAsync();

    internal async Task<AutoCommitObject> StatusAsync() => Parse(await Daemon.Http.GetStringAsync("v1/auto-commit"));

    internal async Task<AutoCommitObject> FlushAsync(bool force = false)
    {
        using HttpResponseMessage response = await Daemon.Http.PostAsync($"v1/auto-commit/flush{(force ? "?force=1" : "")}", null);
        return Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    internal async Task<AutoCommitObject> PatchAsync(string json)
    {
        using HttpResponseMessage response = await Daemon.Http.PatchAsync("v1/auto-commit", TestDaemon.Json(json));
        return Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the status is as told.</summary>
    internal async Task<AutoCommitObject> UntilAsync(Func<AutoCommitObject, bool> condition, string what)
    {
        AutoCommitObject? status = null;
        await Eventually.TrueAsync(async () => condition(status = await StatusAsync()), () => $"{what}; it is {status}", TimeSpan.FromSeconds(120));
        return status!;
    }

    /// <summary>Waits until everything is saved, and pushed.</summary>
    internal Task<AutoCommitObject> UntilSavedAsync() =>
        UntilAsync(status => status is { State: "watching", Uncommitted: 0, Unpushed: 0 }, "everything saved and pushed");

    /// <summary>Waits until the tip of a branch on the remote has a file with a text.</summary>
    internal async Task UntilRemoteAsync(string file, string text, string branch = "main")
    {
        string last = "";
        await Eventually.TrueAsync(
            async () =>
            {
                (int code, string output, string error) = await Origin.TryGitAsync("show", $"{branch}:{file}");
                last = output + error;
                return code == 0 && output == text;
            },
            () => $"{file} on the remote is \"{text}\"; it is \"{last}\"",
            TimeSpan.FromSeconds(120));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Daemon.DisposeProcessAsync();
            string[] left = [.. Directory.EnumerateFiles(Work.FileOf(".git"), "sessiond-*").Select(Path.GetFileName).OfType<string>().Where(name => name != "sessiond-saved")];
            Assert.Empty(left);
            await Work.FsckAsync();
            await Origin.FsckAsync();
        }
        finally
        {
            await Daemon.DisposeAsync();
        }
    }

    private static async Task MakeAsync(string folder, params string[] arguments) => await new GitFolder(folder).GitAsync(arguments);

    private static async Task IdentifyAsync(GitFolder repository, string name)
    {
        await repository.GitAsync("config", "user.name", name);
        await repository.GitAsync("config", "user.email", $"{name}@example.com");
        await repository.GitAsync("config", "commit.gpgsign", "false");
    }

    private static AutoCommitObject Parse(string json) => JsonSerializer.Deserialize(json, ApiJsonContext.Default.AutoCommitObject)!;
}
