using Sessiond.Hooks;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>The runner alone, with processes that end when the test says so: above all, over a crash of the daemon.</summary>
public sealed class HookRunnerTests
{
    private readonly FakeStarter _starter = new();
    private readonly FakeHost _host = new();
    private readonly OnceMarkers _markers = new(null, "/workspace");

    [Fact]
    public async Task A_hook_that_ran_while_the_daemon_died_is_not_run_twice_and_its_end_is_known()
    {
        using HookRunner first = Runner("a", "b");
        first.RunStart();
        FakeProcess a = await _starter.NextAsync();
        Assert.Equal("a", a.Command);
        byte[] record = first.Save();

        using HookRunner second = Runner("a", "b");
        second.Restore(record);
        second.RunStart();
        Assert.Equal(HookState.Running, Hook(second, "a").Status.State);
        _starter.Adopted!.Exit(0);
        FakeProcess b = await _starter.NextAsync();
        Assert.Equal("b", b.Command);
        Assert.NotEqual(a.Key, b.Key);
        Assert.Equal(HookState.Succeeded, Hook(second, "a").Status.State);
        Assert.NotNull(_markers.Find("on_create.a"));
        Assert.Equal(2, _starter.Count);
    }

    [Fact]
    public async Task What_succeeded_and_what_failed_before_the_crash_stays_so()
    {
        using HookRunner first = Runner("a", "b");
        first.RunStart();
        (await _starter.NextAsync()).Exit(0);
        (await _starter.NextAsync()).Exit(9);
        await UntilAsync(first, runner => Hook(runner, "b").Status.State == HookState.Failed);
        byte[] record = first.Save();

        using HookRunner second = Runner("a", "b");
        second.Restore(record);
        second.RunStart();
        Assert.Equal((HookState.Succeeded, HookState.Failed), (Hook(second, "a").Status.State, Hook(second, "b").Status.State));
        Assert.Equal(9, Hook(second, "b").Status.ExitCode);
        Assert.True(second.StateUpTo(HookEvent.PostStart).IsBroken);
        Assert.Equal(2, _starter.Count);
    }

    [Fact]
    public async Task I9_A_hook_that_is_being_started_when_the_daemon_dies_is_started_once()
    {
        byte[] record = [];
        using HookRunner first = Runner("a");
        _starter.OnStart = () => record = first.Save();
        first.RunStart();
        await _starter.NextAsync();

        using HookRunner second = Runner("a");
        second.Restore(record);
        second.RunStart();
        _starter.Adopted!.Exit(0);
        await UntilAsync(second, runner => Hook(runner, "a").IsDone);
        Assert.Equal(1, _starter.Count);
    }

    [Fact]
    public async Task A_hook_that_was_not_started_before_the_daemon_died_is_started_by_the_next_one_with_the_tries_that_are_left()
    {
        byte[] record = [];
        using HookRunner first = Runner("a");
        _starter.OnStart = () => record = first.Save();
        first.RunStart();
        FakeProcess never = await _starter.NextAsync();
        _starter.Forget();

        using HookRunner second = Runner("a");
        second.Restore(record);
        second.RunStart();
        FakeProcess process = await _starter.NextAsync();
        Assert.NotEqual(never.Key, process.Key);
        process.Exit(3);
        await UntilAsync(second, runner => Hook(runner, "a").IsBroken);
        Assert.Equal((3, 1), (Hook(second, "a").Status.ExitCode, Hook(second, "a").Status.Tries));
    }

    [Fact]
    public async Task A_hook_on_its_way_to_exec_when_the_daemon_died_is_waited_for_and_its_refusal_is_its_failure()
    {
        using HookRunner first = Runner("a");
        first.RunStart();
        await _starter.NextAsync();
        var executes = new TaskCompletionSource();
        _starter.Executes = executes.Task;

        using HookRunner second = Runner("a");
        second.Restore(first.Save());
        second.RunStart();
        Assert.Equal(HookState.Running, Hook(second, "a").Status.State);
        executes.SetException(new IOException("execve: no such file"));
        await UntilAsync(second, runner => Hook(runner, "a").IsBroken);
        Assert.Equal("execve: no such file", Hook(second, "a").Status.Reason);
        Assert.Equal(1, _starter.Count);
    }

    [Fact]
    public async Task The_tries_that_were_left_before_the_crash_are_left_after_it()
    {
        HookSpec[] hooks = [new HookSpec { Event = HookEvent.PostStart, Name = "a", Run = Spec.Api.Command.FromShell("a"), Retries = 1 }];
        using HookRunner first = Runner();
        first.Load(hooks, new Dictionary<string, string>(), HookEvent.UpdateContent);
        first.RunStart();
        await _starter.NextAsync();

        using HookRunner second = Runner();
        second.Load(hooks, new Dictionary<string, string>(), HookEvent.UpdateContent);
        second.Restore(first.Save());
        second.RunStart();
        _starter.Adopted!.Exit(1);
        (await _starter.NextAsync()).Exit(2);
        await UntilAsync(second, _ => Hook(second, "a").Status.State == HookState.Failed);
        Assert.Equal((2, 2), (Hook(second, "a").Status.Tries, Hook(second, "a").Status.ExitCode));
    }

    [Fact]
    public void A_record_of_a_thousand_hooks_with_long_reasons_is_small()
    {
        using HookRunner runner = Runner([.. Enumerable.Range(0, 1000).Select(i => $"hook-{i}")]);
        foreach (Hook hook in runner.Hooks) hook.Status = new HookStatus { State = HookState.Failed, Reason = new string('x', 5000), ExitCode = 1 };
        byte[] record = runner.Save();
        Assert.InRange(record.Length, 1000, 64 * 1024);
        using HookRunner second = Runner([.. runner.Hooks.Select(hook => hook.Name)]);
        second.Restore(record);
        Assert.All(second.Hooks, hook => Assert.Equal(HookState.Failed, hook.Status.State));
    }

    [Fact]
    public async Task A_rerun_goes_on_with_what_the_failure_held_up_and_with_nothing_else()
    {
        using HookRunner runner = Runner("a", "b", "c");
        runner.RunStart();
        (await _starter.NextAsync()).Exit(0);
        (await _starter.NextAsync()).Exit(1);
        await UntilAsync(runner, _ => Hook(runner, "c").Status.State == HookState.Skipped);
        Assert.True(runner.TryRerun("b"));
        FakeProcess b = await _starter.NextAsync();
        Assert.Equal("b", b.Command);
        Assert.False(runner.TryRerun("b"));
        b.Exit(0);
        FakeProcess c = await _starter.NextAsync();
        Assert.Equal("c", c.Command);
        c.Exit(0);
        await UntilAsync(runner, _ => runner.StateUpTo(HookEvent.PostStart).IsMet);
        Assert.Equal(4, _starter.Count);
    }

    [Fact]
    public async Task Each_attach_is_a_run_but_many_during_one_run_are_one_more()
    {
        using HookRunner runner = Runner(HookEvent.PostAttach, "motd");
        runner.RunAttach();
        FakeProcess first = await _starter.NextAsync();
        for (int i = 0; i < 100; i++) runner.RunAttach();
        first.Exit(0);
        FakeProcess second = await _starter.NextAsync();
        second.Exit(0);
        await runner.EndAllAsync();
        Assert.Equal(2, _starter.Count);
    }

    [Fact]
    public async Task After_a_stop_began_nothing_is_started_but_the_hooks_of_the_stop()
    {
        using HookRunner runner = Runner("a", "b");
        runner.RunStart();
        FakeProcess a = await _starter.NextAsync();
        await runner.RunStopAsync(CancellationToken.None);
        await runner.EndAllAsync();
        Assert.True(a.Ended.IsCompleted);
        Assert.Equal(1, _starter.Count);
        runner.RunStart();
        runner.RunAttach();
        await runner.EndAllAsync();
        Assert.Equal(1, _starter.Count);
    }

    private HookRunner Runner(params string[] names) => Runner(HookEvent.OnCreate, names);

    private HookRunner Runner(HookEvent value, params string[] names)
    {
        var runner = new HookRunner(_starter, _markers, _host, TimeProvider.System, "life");
        HookSpec[] hooks = [.. names.Select((name, i) => new HookSpec { Event = value, Name = name, Run = Spec.Api.Command.FromShell(name), Stage = i })];
        runner.Load(hooks, new Dictionary<string, string>(), HookEvent.UpdateContent);
        return runner;
    }

    private static Hook Hook(HookRunner runner, string name) => runner.Hooks.Single(hook => hook.Name == name);

    private static async Task UntilAsync(HookRunner runner, Func<HookRunner, bool> condition)
    {
        while (true)
        {
            Task next = runner.Changes.Next;
            if (condition(runner)) return;
            await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }
}
