using System.Net;

namespace Sessiond.E2e.Tests;

/// <summary>What a repository says reaches no process, and no file, of a user whom the image does not leave to it.</summary>
public sealed class WorkspaceTrustTests
{
    private const string Image = """
        schema = 1
        workspace = "/mnt"
        [daemon]
        token_file = "/etc/token"
        [defaults]
        user = "nobody"
        size = [200, 24]
        [import]
        app_yaml = true
        env_files = [".env"]
        [secret_provider]
        dir = "/etc/secrets"
        [secrets]
        OURS = { name = "ours", as = "file", path = "/run/secrets/ours" }
        [env]
        FROM = "image"
        [[hook]]
        name = "as-root"
        event = "post_start"
        user = "root"
        run = "/etc/tell"
        [[hook]]
        name = "as-devbox"
        event = "post_start"
        run = "/etc/tell"
        [[sessions]]
        name = "root"
        user = "root"
        command = "/etc/tell; exec cat"
        [[sessions]]
        name = "devbox"
        command = "/etc/tell; exec cat"
        """;

    private const string Workspace = """
        schema = 1
        app_dir = "app"
        [defaults]
        shell = "/mnt/shell"
        [env]
        FROM = "workspace"
        EVIL = "env"
        [secrets]
        STOLEN = "ours"
        GRAB = { name = "ours", as = "file", path = "/run/sessiond/overlay.toml" }
        """;

    /// <summary>In a mount namespace of its own, where /etc, /run and /mnt are the test's.</summary>
    private const string Script = "for f in etc run mnt; do mount --bind \"$0/$f\" /$f || exit 77; done; b=$1; shift 4; exec \"$b\" serve \"$@\"";

    [Fact]
    public async Task A_repositorys_variables_secrets_shell_and_folder_are_not_those_of_roots_hooks_and_sessions()
    {
        await using TestDaemon daemon = await StartAsync();
        await daemon.UntilHookAsync("as-root", "succeeded");
        await daemon.UntilHookAsync("as-devbox", "succeeded");
        const string Root = "uid=0 from=image evil= stolen= app= dotenv= cwd=/mnt.";
        const string Theirs = "from=workspace evil=env stolen=the-value app=yes dotenv=yes cwd=/mnt/app.";
        Assert.Contains(Root, await daemon.HookLogAsync("as-root"), StringComparison.Ordinal);
        Assert.Contains("from=workspace evil=env stolen=********* app=yes dotenv=yes cwd=/mnt/app.", await daemon.HookLogAsync("as-devbox"), StringComparison.Ordinal);
        await daemon.UntilScreenAsync("root", Root);
        await daemon.UntilScreenAsync("devbox", Theirs);
        string environment = await File.ReadAllTextAsync($"/proc/{(await daemon.SessionAsync("root")).Pid}/environ");
        Assert.DoesNotContain("/mnt/shell", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_writes_no_file_that_a_repository_names_and_the_images_own_as_before()
    {
        await using TestDaemon daemon = await StartAsync();
        await daemon.UntilScreenAsync("devbox", "cwd=/mnt/app.");
        Assert.Equal("the-value", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "run/secrets/ours")));
        Assert.False(File.Exists(Path.Combine(daemon.Folder, "run/sessiond/overlay.toml")), "root wrote the strongest layer of the spec for nobody");
    }

    [Fact]
    public async Task Root_is_no_user_that_the_API_gives_to_whoever_may_make_sessions()
    {
        await using TestDaemon daemon = await StartAsync();
        using HttpClient root = daemon.Http;
        string token = (await daemon.CliAsync("token", "create", "maker", "--scope", "manage")).Expect(0).Out.Trim();
        using HttpClient maker = daemon.Tcp(token);
        using HttpResponseMessage refused = await maker.PostAsync("/v1/sessions", TestDaemon.Json("""{"name":"grabbed","user":"root"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using HttpResponseMessage made = await maker.PostAsync("/v1/sessions", TestDaemon.Json("""{"name":"own","user":"nobody"}"""));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using HttpResponseMessage byRoot = await root.PostAsync("/v1/sessions", TestDaemon.Json("""{"name":"roots","user":"root"}"""));
        Assert.Equal(HttpStatusCode.Created, byRoot.StatusCode);
    }

    private static async Task<TestDaemon> StartAsync()
    {
        Host.RequireRoot();
        Host.Require("unshare", "mount");
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ED); // 0755
        void Put(string path, string text, UnixFileMode mode = (UnixFileMode)0x1A4)
        {
            string full = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
            File.SetUnixFileMode(full, mode);
        }

        const UnixFileMode Program = (UnixFileMode)0x1ED; // 0755
        Put("etc/passwd", await File.ReadAllTextAsync("/etc/passwd"));
        Put("etc/group", await File.ReadAllTextAsync("/etc/group"));
        Put("etc/token", TestDaemon.Token + "\n");
        Put("etc/secrets/ours", "the-value");
        Put("etc/tell", "#!/bin/sh\necho uid=$(id -u) from=$FROM evil=$EVIL stolen=$STOLEN app=$APP dotenv=$DOTENV cwd=$(pwd).\n", Program);
        Put("etc/sessiond/sessiond.toml", Image);
        Put("mnt/.sessiond.toml", Workspace);
        Put("mnt/shell", "#!/bin/sh\nexec /bin/sh \"$@\"\n", Program);
        Put("mnt/.env", "DOTENV=yes\n");
        Put("mnt/app/app.yaml", "variables:\n  - name: APP\n    defaultValue: yes\n");
        Directory.CreateDirectory(Path.Combine(folder.Path, "run"));
        return await TestDaemon.StartVerbatimAsync(folder.Release(), "", tcp: true, wrapper: ["unshare", "-m", "sh", "-c", Script, folder.Path]);
    }
}
