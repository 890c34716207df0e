using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>Files of other tools, from their text to what programs find.</summary>
public sealed class ImportTests
{
    private const string Devcontainer = """
        {
          // JSONC: comments, and a comma too many
          "name": "orders", "image": "debian",
          "onCreateCommand": "echo on-create >>ran",
          "updateContentCommand": ["sh", "-c", "echo update >>ran"],
          "postCreateCommand": { "a": "echo post-create >>ran", "b": ["sh", "-c", "echo $FROM_DC >side"] },
          "postStartCommand": "echo post-start >>ran",
          "postAttachCommand": "echo post-attach >>ran",
          "waitFor": "postCreateCommand",
          "remoteEnv": { "FROM_DC": "of the container", "JOINED": "${containerEnv:HOME}/bin", "ABSENT": "${localEnv:NOWHERE:fallback}", "GONE": null },
          "forwardPorts": [3000, "db:5432"],
        }
        """;

    private const string AppYaml = """
        name: orders
        language: python
        variables:
          - { name: input, inputType: InputTopic, description: in, defaultValue: topic-in, required: true }
          - { name: output, inputType: OutputTopic, defaultValue: topic-out }
          - { name: FREE, inputType: FreeText, defaultValue: free text }
          - { name: HIDDEN, inputType: HiddenText, defaultValue: hidden text }
          - { name: CHOICE, inputType: Options, options: [a, b], defaultValue: b }
          - { name: PROJECT, inputType: ProjectVariable, defaultValue: of the project }
          - { name: NOTHING, inputType: FreeText }
          - name: TOKEN
            inputType: Secret
            defaultValue: token-key
            required: true
        dockerfile: dockerfile
        """;

    private const string Imports = """
        app_dir = "app"
        [import]
        devcontainer = true
        app_yaml = true
        env_files = [".env"]
        [env]
        FREE = "the spec counts"
        [[sessions]]
        name = "show"
        command = '''for n in FROM_DC JOINED ABSENT GONE input output FREE HIDDEN CHOICE PROJECT NOTHING DOTENV; do eval "echo $n=\${$n-unset}."; done; echo token=${#TOKEN}; exec cat'''
        """;

    [Fact]
    public async Task Each_field_of_a_devcontainer_and_an_app_yaml_is_explained_and_reaches_hooks_and_sessions()
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;
        foreach (string name in (string[])[".devcontainer", "app", "secrets"]) Directory.CreateDirectory(Path.Combine(folder, name));
        await File.WriteAllTextAsync(Path.Combine(folder, ".devcontainer/devcontainer.json"), Devcontainer);
        await File.WriteAllTextAsync(Path.Combine(folder, "app/app.yaml"), AppYaml);
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), "export DOTENV='quoted # value'\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "secrets/token-key"), "twelve-chars\n");
        string spec = $"schema = 1\nworkspace = \"{folder}\"\n{Imports}\n[secret_provider]\ndir = \"{folder}/secrets\"\n";
        await using TestDaemon daemon = await TestDaemon.StartVerbatimAsync(folder, spec);
        string screen = await daemon.UntilScreenAsync("show", "token=12");
        string home = Environment.GetEnvironmentVariable("HOME") ?? "/";
        string[] shown =
        [
            "FROM_DC=of the container.", $"JOINED={home}/bin.", "ABSENT=fallback.", "GONE=unset.", "input=topic-in.", "output=topic-out.", "FREE=the spec counts.",
            "HIDDEN=hidden text.", "CHOICE=b.", "PROJECT=of the project.", "NOTHING=unset.", "DOTENV=quoted # value.",
        ];
        Assert.All(shown, line => Assert.Contains(line, screen, StringComparison.Ordinal));
        await daemon.UntilHookAsync("post_start", "succeeded");
        Assert.Equal(["on-create", "update", "post-create", "post-start"], await File.ReadAllLinesAsync(Path.Combine(folder, "app/ran")));
        Assert.Equal("of the container\n", await File.ReadAllTextAsync(Path.Combine(folder, "app/side")));
        await using WireClient client = await daemon.AttachAsync("show");
        await daemon.UntilHookAsync("post_attach", "succeeded");
        StatusObject status = await daemon.StatusAsync();
        Assert.Equal(["3000", "db:5432"], status.ForwardPorts);

        string explained = (await daemon.CliAsync("check", "--explain", Path.Combine(folder, "spec.toml"))).Expect(0).Out;
        string[] told =
        [
            "hooks.onCreateCommand", "hooks.updateContentCommand", "hooks.postCreateCommand.a", "hooks.postCreateCommand.b", "hooks.postStartCommand", "hooks.postAttachCommand", "hooks.waitFor",
            "env.FROM_DC", "env.GONE", "forwardPorts = [3000, db:5432]", "env.input", "env.output", "env.HIDDEN", "env.CHOICE", "env.PROJECT", "secrets.TOKEN.name", "secrets.TOKEN.required", "env.DOTENV",
        ];
        Assert.All(told, key => Assert.Contains(key, explained, StringComparison.Ordinal));
        Assert.Matches("env.FREE = \"free text\" +\\(replaced by .*spec.toml:\\d+\\)", explained);
        Assert.DoesNotContain("twelve-chars", explained, StringComparison.Ordinal);
    }
}
