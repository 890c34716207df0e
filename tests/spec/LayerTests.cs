namespace Sessiond.Spec.Tests;

public sealed class LayerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessiond-layers-");

    private SpecLayers Layers => new()
    {
        SystemFile = In("etc/sessiond.toml"),
        SystemFolder = In("etc/conf.d"),
        OverlayFile = In("run/overlay.toml"),
    };

    private SpecLoaderOptions Options => new() { WorkingFolder = In("work") };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_any_layer_the_spec_is_that_of_defaults()
    {
        SpecResult result = Load();
        Assert.Empty(result.Errors);
        Assert.Equal(new DevboxSpec(), result.Spec);
    }

    [Fact]
    public void Each_layer_is_explained_key_by_key_with_what_replaced_it()
    {
        Write("etc/sessiond.toml", "[defaults]\nscrollback = 1\nterm = 'image'\n[hooks]\npost_start = 'a'\n[[sessions]]\nname = 'web'\ncommand = 'npm run dev'\nport = 3000");
        Write("run/overlay.toml", "[defaults]\nscrollback = 2\n[hooks]\npost_start = 'b'\n[[sessions]]\nname = 'web'\nport = 4000");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(
            [
                "sessiond.toml: defaults.scrollback = 1, replaced in overlay.toml:3",
                "sessiond.toml: defaults.term = \"image\"",
                "sessiond.toml: hooks.post_start = \"a\"",
                "sessiond.toml: sessions[web].command = \"npm run dev\"",
                "sessiond.toml: sessions[web].port = 3000, replaced in overlay.toml:8",
                "overlay.toml: defaults.scrollback = 2",
                "overlay.toml: hooks.post_start = \"b\"",
                "overlay.toml: sessions[web].port = 4000",
            ],
            result.Contributions.Select(item => $"{Path.GetFileName(item.Place.File)}: {item.Place.Message}"
                + (item.Override is { } other ? $", replaced in {Path.GetFileName(other.File)}:{other.Line}" : "")));
    }

    [Fact]
    public void Stronger_layers_win_key_by_key_and_arrays_are_replaced()
    {
        Write("etc/sessiond.toml", "[defaults]\nscrollback = 1\nterm = 'image'\n[import]\nenv_files = ['a', 'b']\n[labels]\na = '1'");
        Write("etc/conf.d/20.toml", "[defaults]\nscrollback = 3");
        Write("etc/conf.d/10.toml", "[defaults]\nscrollback = 2\n[labels]\nb = '2'");
        Write("work/.sessiond.toml", "[import]\nenv_files = ['c']");
        Write("run/overlay.toml", "[defaults]\nterm = 'overlay'");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal((3, "overlay"), (result.Spec.Defaults.Scrollback, result.Spec.Defaults.Term));
        Assert.Equal(["c"], result.Spec.Import.EnvFiles);
        Assert.Equal(["a", "b"], result.Spec.Labels.Keys);
        Assert.Equal(
            ["etc/sessiond.toml", "etc/conf.d/10.toml", "etc/conf.d/20.toml", "work/.sessiond.toml", "run/overlay.toml"],
            result.Files.Select(file => Path.GetRelativePath(_folder.FullName, file)));
    }

    [Fact]
    public void Sessions_merge_by_name_and_keep_their_place()
    {
        Write("etc/sessiond.toml", "[[sessions]]\nname = 'a'\ncommand = 'image'\nport = 1\n[[sessions]]\nname = 'b'");
        Write("work/.sessiond.toml", "[[sessions]]\nname = 'c'\n[[sessions]]\nname = 'a'\ncommand = 'mine'");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(["a", "b", "c"], result.Spec.Sessions.Select(session => session.Name));
        Assert.Equal(("mine", 1), (result.Spec.Sessions[0].Command?.Shell, result.Spec.Sessions[0].Port));
    }

    [Fact]
    public void Short_hooks_accumulate_and_long_ones_merge_by_name()
    {
        Write("etc/sessiond.toml", "[hooks]\ntimeout = '1s'\npost_start = 'one'\n[[hook]]\nname = 'long'\nevent = 'post_start'\nrun = 'image'\nretries = 3");
        Write("work/.sessiond.toml", "[hooks]\npostStartCommand = { two = 'two', three = 'three' }\n[[hook]]\nname = 'long'\nrun = 'mine'");
        Write("run/overlay.toml", "[hooks]\npost_start = 'four'\nwait_for = 'post_start'");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(
            [("post_start", "one", 0), ("two", "two", 1), ("three", "three", 1), ("post_start-2", "four", 2), ("long", "mine", 3)],
            result.Spec.Hooks.Select(hook => (hook.Name, hook.Run.ToString(), hook.Stage)));
        Assert.Equal(3, result.Spec.Hooks[^1].Retries);
        Assert.All(result.Spec.Hooks, hook => Assert.Equal(TimeSpan.FromSeconds(1), hook.Timeout));
        Assert.Equal(HookEvent.PostStart, result.Spec.HookDefaults.WaitFor);
    }

    [Fact]
    public void The_layer_of_the_app_is_found_where_the_layers_below_say()
    {
        Directory.CreateDirectory(In("elsewhere/app"));
        Write("etc/sessiond.toml", $"workspace = '{In("elsewhere")}'");
        Write("elsewhere/.sessiond.toml", "app_dir = 'app'");
        Write("elsewhere/app/.sessiond.toml", "[labels]\nfrom = 'app'");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal("app", result.Spec.Labels["from"]);
    }

    [Fact]
    public void A_workspace_may_not_set_the_daemon_or_the_secret_provider()
    {
        Write("etc/sessiond.toml", "[daemon]\nmax_sessions = 5");
        Write("work/.sessiond.toml", "[daemon]\ninsecure = true\n[secret_provider]\ntype = 'env'\n[[sessions]]\nname = 'a'");

        SpecResult result = Load();

        Assert.Equal([2, 4], result.Errors.Select(error => error.Line));
        Assert.Equal((5, false), (result.Spec.Daemon.MaxSessions, result.Spec.Daemon.Insecure));
        Assert.Equal(new SecretProviderSpec(), result.Spec.SecretProvider);
        Assert.Single(result.Spec.Sessions);
    }

    [Fact]
    public void A_workspace_names_only_users_that_the_image_allows()
    {
        Write("etc/sessiond.toml", "[daemon]\nrun_as = ['postgres']\n[defaults]\nuser = 'devbox'");
        Write("work/.sessiond.toml", """
            [defaults]
            user = "root"
            [[sessions]]
            name = "allowed"
            user = "postgres"
            [[sessions]]
            name = "own"
            user = "devbox"
            [[sessions]]
            name = "stolen"
            user = "root"
            [[hook]]
            event = "post_start"
            run = "id"
            user = "root"
            """);

        SpecResult result = Load();

        Assert.Equal([3, 12, 16], result.Errors.Select(error => error.Line));
        Assert.Equal("devbox", result.Spec.Defaults.User);
        Assert.Equal(["allowed", "own"], result.Spec.Sessions.Select(session => session.Name));
        Assert.Equal("stolen", Assert.Single(result.BrokenSessions).Key);
        Assert.Empty(result.Spec.Hooks);
    }

    [Fact]
    public void A_workspace_does_not_change_what_runs_as_somebody_else()
    {
        Write("etc/sessiond.toml", "[[sessions]]\nname = 'db'\nuser = 'root'\ncommand = 'good'\n[[hook]]\nname = 'h'\nevent = 'post_start'\nrun = 'good'\nuser = 'root'");
        Write("work/.sessiond.toml", "[[sessions]]\nname = 'db'\ncommand = 'evil'\n[[hook]]\nname = 'h'\nrun = 'evil'\nevent = 'post_start'");

        SpecResult result = SpecLoader.LoadLayers(Layers, Options with { User = "root", IsRoot = true });

        // The daemon's own user is root here and no default says otherwise, so root is allowed to the workspace.
        Assert.Empty(result.Errors);

        Write("etc/conf.d/user.toml", "[defaults]\nuser = 'devbox'");
        result = SpecLoader.LoadLayers(Layers, Options with { User = "root", IsRoot = true });

        Assert.Equal(2, result.Errors.Count);
        Assert.Equal("good", Assert.Single(result.Spec.Sessions).Command?.Shell);
        Assert.Equal("good", Assert.Single(result.Spec.Hooks).Run.Shell);
    }

    [Fact]
    public void What_the_image_says_is_known_without_the_workspace_and_what_it_imports()
    {
        Write("etc/sessiond.toml", $"[import]\napp_yaml = true\nenv_files = ['{In("etc/image.env")}', '.env']\n[env]\nFROM = 'image'\nPATH = {{ append = ['/opt'] }}\n[secrets]\nKEY = {{ name = 'key', as = 'file', path = '/run/secrets/key' }}");
        Write("work/.sessiond.toml", "app_dir = '/etc'\n[defaults]\nshell = '/repo/shell'\n[env]\nFROM = 'workspace'\nLD_PRELOAD = '/repo/evil.so'\nPATH = { prepend = ['/repo'] }");
        File.WriteAllText(In("work/.env"), "DOTENV=workspace\n");
        File.WriteAllText(In("etc/image.env"), "DOTENV_IMAGE=image\n");
        File.WriteAllText(In("work/app.yaml"), "variables:\n  - name: APP\n    defaultValue: workspace\n");
        Write("run/overlay.toml", "[env]\nOVER = 'platform'");

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(["DOTENV_IMAGE=image", "FROM=image", "OVER=platform", "PATH="], result.Image.Env.Select(entry => $"{entry.Name}={entry.Value}").Order());
        Assert.Equal((".", null), (result.Image.AppDir, result.Image.Defaults.Shell));
        Assert.Equal("workspace", result.Spec.Env.Single(entry => entry.Name == "FROM").Value);
        Assert.Contains(result.Spec.Env, entry => entry.Name == "LD_PRELOAD");
    }

    [Theory]
    [InlineData("[secrets.KEY]\npath = '/run/sessiond/overlay.toml'", true)]
    [InlineData("[secrets.KEY]\nname = 'other'", true)]
    [InlineData("[secrets.KEY]\nmode = '0666'", true)]
    [InlineData("[secrets.KEY]\nrequired = true", false)]
    [InlineData("[secrets]\nOTHER = { name = 'key', as = 'file', path = '/run/sessiond/overlay.toml' }", true)]
    [InlineData("[labels]\na = 'b'", false)]
    public void A_secret_is_the_workspaces_as_soon_as_that_says_what_is_written_or_where(string workspace, bool isOfWorkspace)
    {
        Write("etc/sessiond.toml", "[secrets]\nKEY = { name = 'key', as = 'file', path = '/run/secrets/key' }");
        Write("work/.sessiond.toml", workspace);

        SpecResult result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(isOfWorkspace, result.Spec.Secrets[^1].IsOfWorkspace);
        Assert.Equal("/run/secrets/key", Assert.Single(result.Image.Secrets).Path);
    }

    [Fact]
    public void A_workspace_does_not_take_a_name_that_the_platform_gives_to_somebody_else()
    {
        Write("etc/sessiond.toml", "[defaults]\nuser = 'devbox'");
        Write("work/.sessiond.toml", "[[sessions]]\nname = 'db'\ncommand = 'evil'\n[[hook]]\nname = 'h'\nrun = 'evil'\nevent = 'post_start'\nretries = 2");
        Write("run/overlay.toml", "[[sessions]]\nname = 'db'\nuser = 'root'\n[[hook]]\nname = 'h'\nevent = 'post_start'\nrun = 'good'\nuser = 'root'");

        SpecResult result = SpecLoader.LoadLayers(Layers, Options with { User = "root", IsRoot = true });

        Assert.Empty(result.Errors);
        Assert.Null(Assert.Single(result.Spec.Sessions).Command);
        HookSpec hook = Assert.Single(result.Spec.Hooks);
        Assert.Equal(("good", 0), (hook.Run.Shell, hook.Retries));
    }

    [Fact]
    public void A_broken_layer_leaves_the_others()
    {
        Write("etc/sessiond.toml", "[[sessions]]\nname = 'a'");
        Write("work/.sessiond.toml", "this is no toml\n[[sessions]]\nname = 'b'");

        SpecResult result = Load();

        Assert.Equal($"{In("work/.sessiond.toml")}:2:6: expected \"=\" after the key \"this\", found \"i\"", Assert.Single(result.Errors).ToString());
        Assert.Equal(["a", "b"], result.Spec.Sessions.Select(session => session.Name));
    }

    private SpecResult Load() => SpecLoader.LoadLayers(Layers, Options);

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), "schema = 1\n" + text);
    }
}
