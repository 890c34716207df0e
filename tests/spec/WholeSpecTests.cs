using Sessiond.Spec.Api;

namespace Sessiond.Spec.Tests;

public sealed class WholeSpecTests
{
    private static readonly SpecResult Result = SpecLoader.Load(Path.Combine(AppContext.BaseDirectory, "Data", "whole.toml"));

    private static DevboxSpec Spec => Result.Spec;

    [Fact]
    public void The_whole_spec_is_right()
    {
        Assert.Empty(Result.Errors);
        Assert.Equal("needs \"session:postgres\", but there is no such session in the spec; it must be created by the API", Assert.Single(Result.Warnings).Message);
    }

    [Fact]
    public void Durations_sizes_and_words_have_their_values()
    {
        Assert.Equal(TimeSpan.FromSeconds(25), Spec.Daemon.StopGrace);
        Assert.Equal(16L << 20, Spec.Defaults.ScrollbackBytes);
        Assert.Equal(new TerminalSize(80, 24), Spec.Defaults.Size);
        Assert.Equal(TimeSpan.FromHours(12), Spec.Activity.MarkerTtl);
        Assert.Equal(OnExit.Hold, Spec.Defaults.OnExit);
        Assert.Equal(SecretProviderType.Files, Spec.SecretProvider.Type);
    }

    [Fact]
    public void Variables_are_set_changed_or_removed()
    {
        Assert.Equal("development", Spec.Env.Single(entry => entry.Name == "NODE_ENV").Value);
        Assert.Equal(["${workspace}/.venv/bin"], Spec.Env.Single(entry => entry.Name == "PATH").Prepend);
        Assert.True(Spec.Env.Single(entry => entry.Name == "DEBUG").Unset);
    }

    [Fact]
    public void Secrets_have_names_scopes_and_forms()
    {
        Assert.Equal("openai-key", Spec.Secrets[0].Name);
        Assert.True(Spec.Secrets[1].Required);
        SecretSpec file = Spec.Secrets[2];
        Assert.Equal((SecretForm.File, "/run/secrets/app.key", UnixFileMode.UserRead), (file.As, file.Path, file.Mode));
    }

    [Fact]
    public void Short_hooks_become_a_list_in_the_order_of_events()
    {
        Assert.Equal(
            ["on_create", "update_content", "post_create", "migrate", "seed", "tunnel", "post_attach", "pre_stop"],
            Spec.Hooks.Select(hook => hook.Name));
        Assert.Equal(Command.FromArgv(["./scripts/first-run", "--quiet"]), Spec.Hooks[2].Run);
        Assert.Equal(Spec.Hooks[3].Stage, Spec.Hooks[4].Stage);
    }

    [Fact]
    public void Sessions_have_probes_policies_and_needs()
    {
        Assert.Equal(["server", "tests", "code", "notebook"], Spec.Sessions.Select(session => session.Name));
        SessionSpec server = Spec.Sessions[0];
        Assert.Equal(new Need(NeedKind.Event, "post_start"), Assert.Single(server.Needs));
        Assert.Equal(RestartPolicy.OnFailure, server.Restart.Policy);
        Assert.Equal("http://127.0.0.1:${port}/", server.Ready?.Probe.Http);
        Assert.Equal(TimeSpan.FromMilliseconds(500), server.Ready?.Interval);
        Assert.Equal(6, server.Live?.Failures);
        Assert.True(server.KeepAlive);
        Assert.True(Spec.Sessions[2].Primary);
        Assert.Equal(TimeSpan.FromSeconds(5), Spec.Sessions[3].AutoCommit?.Interval);
        Assert.Equal("main", Spec.Sessions[3].Workspace?.Ref);
    }
}
