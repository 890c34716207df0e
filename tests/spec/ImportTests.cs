namespace Sessiond.Spec.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessiond-imports-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_devcontainer_brings_hooks_variables_and_ports()
    {
        Write(".devcontainer/devcontainer.json", """
            {
              // comments and trailing commas are JSONC
              "image": "debian",
              "onCreateCommand": ["./install", "--all"],
              "postStartCommand": { "web": "make web", "db": ["make", "db"] },
              "postAttachCommand": null,
              "waitFor": "onCreateCommand",
              "remoteEnv": { "PATH": "${containerEnv:PATH}:${containerWorkspaceFolder}/bin", "GONE": null, "MINE": "theirs" },
              "forwardPorts": [3000, "db:5432"],
            }
            """);

        SpecResult result = Load("[import]\ndevcontainer = true\n[env]\nMINE = 'ours'\n[hooks]\npost_start = 'last'");

        Assert.Empty(result.Errors);
        Assert.Equal([("on_create", 0), ("web", 0), ("db", 0), ("post_start", 1)], result.Spec.Hooks.Select(hook => (hook.Name, hook.Stage)));
        Assert.Equal(HookEvent.OnCreate, result.Spec.HookDefaults.WaitFor);
        Assert.Equal("${env:PATH}:${workspace}/bin", Variable(result, "PATH")?.Value);
        Assert.True(Variable(result, "GONE")?.Unset);
        Assert.Equal("ours", Variable(result, "MINE")?.Value);
        Assert.Equal(["3000", "db:5432"], result.Spec.ForwardPorts);
        Assert.EndsWith("devcontainer.json", result.Files[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"onCreateCommand\": 5 }", "1:22: hooks.onCreateCommand: expected a command: a string, or an array of strings, found an integer")]
    [InlineData("{\n  \"remoteEnv\": { \"Ä\": 1 } }", "2:23: env.Ä: expected a string (numbers too are written in quotes), found an integer")]
    [InlineData("[]", "1:1: expected an object")]
    public void What_is_wrong_in_a_devcontainer_is_named_with_its_place(string json, string error)
    {
        Write(".devcontainer.json", json);
        Assert.Equal($"{In(".devcontainer.json")}:{error}", Assert.Single(Load("[import]\ndevcontainer = true").Errors).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{ \"a\": \"\\uD800\" }")]
    [InlineData("{ \"a\": 1 } x")]
    [InlineData("nonsense")]
    public void A_devcontainer_that_is_no_json_is_one_error(string json)
    {
        Write(".devcontainer.json", json);
        SpecResult result = Load("[import]\ndevcontainer = true\n[[sessions]]\nname = 'a'");
        Assert.Single(result.Errors);
        Assert.Single(result.Spec.Sessions);
    }

    [Fact]
    public void An_app_yaml_brings_variables_and_names_of_secrets()
    {
        Write("app/app.yaml", """
            name: My app
            language: python
            variables:
              - name: input
                inputType: InputTopic
                defaultValue: csv-data
                required: true
              - name: COUNT
                inputType: FreeText
                defaultValue: 5
              - name: NOTHING
                inputType: FreeText
              - name: TEMPLATE
                inputType: FreeText
                defaultValue: "a${b}"
              - name: API_KEY
                inputType: Secret
                defaultValue: key-name
                required: true
              - name: PLAIN_SECRET
                inputType: Secret
            dockerfile: dockerfile
            """);

        SpecResult result = Load("app_dir = 'app'\n[import]\napp_yaml = true");

        Assert.Empty(result.Errors);
        Assert.Equal([("input", "csv-data"), ("COUNT", "5"), ("TEMPLATE", "a$${b}")], result.Spec.Env.Select(entry => (entry.Name, entry.Value)));
        Assert.Equal([("API_KEY", "key-name", true), ("PLAIN_SECRET", "PLAIN_SECRET", false)], result.Spec.Secrets.Select(secret => (secret.Variable, secret.Name, secret.Required)));
    }

    [Theory]
    [InlineData("variables: 5", 1, 12)]
    [InlineData("variables:\n  - inputType: Secret", 2, 5)]
    [InlineData("- a", 1, 1)]
    [InlineData("a: &x [1]\nb: *x", 2, 4)]
    [InlineData("a: [", 2, 1)]
    public void What_is_wrong_in_an_app_yaml_is_named_with_its_place(string yaml, int line, int column)
    {
        Write("app.yaml", yaml);
        SpecError error = Assert.Single(Load("[import]\napp_yaml = true").Errors);
        Assert.Equal((In("app.yaml"), line, column), (error.File, error.Line, error.Column));
    }

    [Fact]
    public void T95_deep_yaml_is_refused()
    {
        Write("app.yaml", new string('[', 20_000));
        Assert.Single(Load("[import]\napp_yaml = true").Errors);
    }

    [Fact]
    public void Dotenv_files_bring_variables_and_a_missing_one_is_a_warning()
    {
        Write("one.env", "# comment\n\nA=1\r\nexport B = two words # not this\nC='$x ${y}'\nD=\"a\\n\\\"b\\\"\"\nE=\nF=\"two\nlines\"\nG=a#b\nlast=1");
        Write("two.env", "A=2\nnot a line\nH='open\n");

        SpecResult result = Load("[import]\nenv_files = ['one.env', 'two.env', 'none.env']");

        Assert.Equal([(In("two.env"), 2, 1), (In("two.env"), 3, 3)], result.Errors.Select(error => (error.File, error.Line, error.Column)));
        Assert.Equal($"{In("none.env")}:1:1: no such file; import.env_files names it", Assert.Single(result.Warnings).ToString());
        Assert.Equal(
            [("A", "2"), ("B", "two words"), ("C", "$x $${y}"), ("D", "a\n\"b\""), ("E", ""), ("F", "two\nlines"), ("G", "a#b"), ("last", "1")],
            result.Spec.Env.Select(entry => (entry.Name, entry.Value)));
    }

    [Theory]
    [InlineData("link.env", false)]
    [InlineData("folder/secret.env", false)]
    [InlineData("inside.env", true)]
    public void For_root_a_link_of_the_workspace_does_not_lead_out_of_it(string path, bool read)
    {
        Write("outside/secret.env", "SECRET=1");
        Write("work/real.env", "SECRET=0");
        File.CreateSymbolicLink(In("work/link.env"), In("outside/secret.env"));
        File.CreateSymbolicLink(In("work/inside.env"), "real.env");
        Directory.CreateSymbolicLink(In("work/folder"), "../outside");
        string lines = $"workspace = '{In("work")}'\n[import]\nenv_files = ['{path}']";

        SpecResult result = Given.Spec(lines, new SpecLoaderOptions { User = "root", IsRoot = true });

        Assert.Equal(read ? 1 : 0, result.Spec.Env.Count);
        Assert.Equal(read ? 0 : 1, result.Errors.Count);
        Assert.Single(Given.Spec(lines, new SpecLoaderOptions { User = "alice" }).Spec.Env);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void For_root_only_the_image_names_files_outside_the_workspace(bool byImage)
    {
        Write("outside.env", "SECRET=1");
        Directory.CreateDirectory(In("work"));
        string import = $"schema = 1\n[import]\nenv_files = ['{In("outside.env")}']";
        Write("image.toml", byImage ? import : "schema = 1");
        Write("work/.sessiond.toml", byImage ? "schema = 1" : import);
        var layers = new SpecLayers { SystemFile = In("image.toml"), SystemFolder = In("none"), OverlayFile = In("none") };

        SpecResult result = SpecLoader.LoadLayers(layers, new SpecLoaderOptions { User = "root", IsRoot = true, WorkingFolder = In("work") });

        Assert.Equal(byImage ? 1 : 0, result.Spec.Env.Count);
        Assert.Equal(byImage ? 0 : 1, result.Errors.Count);
    }

    [Fact]
    public void Nothing_is_imported_unasked()
    {
        Write(".devcontainer.json", "broken");
        Write("app.yaml", "- broken");
        Assert.Empty(Load("").Errors);
    }

    private static EnvEntry? Variable(SpecResult result, string name) => result.Spec.Env.SingleOrDefault(entry => entry.Name == name);

    private SpecResult Load(string lines) => Given.Spec(lines, new SpecLoaderOptions { WorkingFolder = _folder.FullName });

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
