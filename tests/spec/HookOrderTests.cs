namespace Sessiond.Spec.Tests;

public sealed class HookOrderTests
{
    [Fact]
    public void Long_hooks_follow_the_short_ones_in_an_order_in_which_nobody_waits_for_a_later_one()
    {
        SpecResult result = Given.Spec("""
            [hooks]
            post_start = { x = "x", y = "y" }
            [[hook]]
            name = "last"
            event = "post_start"
            run = "l"
            needs = ["session:db"]
            [[hook]]
            name = "first"
            event = "post_start"
            run = "f"
            [[sessions]]
            name = "db"
            needs = ["hook:first"]
            """);

        Assert.Empty(result.Errors);
        Assert.Equal([("x", 0), ("y", 0), ("first", 1), ("last", 2)], result.Spec.Hooks.Select(hook => (hook.Name, hook.Stage)));
    }

    [Fact]
    public void A_table_of_commands_in_a_long_hook_is_needed_as_one()
    {
        SpecResult result = Given.Spec("""
            [[hook]]
            name = "build"
            event = "post_create"
            run = { web = ["make", "web"], api = "make api" }
            [[sessions]]
            name = "s"
            needs = ["hook:build"]
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["build.web", "build.api"], result.Spec.Hooks.Select(hook => hook.Name));
        Assert.Single(result.Spec.Hooks.Select(hook => hook.Stage).Distinct());
        Assert.Equal(["hook:build.web", "hook:build.api"], result.Spec.Sessions[0].Needs.Select(need => need.ToString()));
    }

    [Fact]
    public void Hooks_without_a_name_get_one()
    {
        SpecResult result = Given.Spec("[hooks]\non_create = 'a'\n[[hook]]\nevent = 'on_create'\nrun = 'b'\n[[hook]]\nevent = 'on_create'\nrun = 'c'");
        Assert.Equal(["on_create", "on_create-2", "on_create-3"], result.Spec.Hooks.Select(hook => hook.Name));
    }

    [Theory]
    [InlineData("event = 'post_start'\nneeds = ['session:a']", "needs = ['hook:h']")]
    [InlineData("event = 'update_content'\nneeds = ['session:a']", "")]
    [InlineData("event = 'on_create'\nneeds = ['session:a']", "needs = ['hook:post_create']")]
    [InlineData("event = 'on_create'\nneeds = ['hook:post_start']", "needs = ['hook:h']")]
    public void Circles_are_errors_and_their_members_are_left_out(string hook, string session)
    {
        SpecResult result = Given.Spec($"[[hook]]\nname = 'h'\nrun = 'x'\n{hook}\n[[sessions]]\nname = 'a'\n{session}\n[[sessions]]\nname = 'other'\nneeds = ['hook:post_start']");

        Assert.Contains(result.Errors, error => error.Message.Contains("waits for itself", StringComparison.Ordinal));
        Assert.Empty(result.Spec.Hooks);
        Assert.Contains(result.Spec.Sessions, session => session.Name == "other");
    }

    [Theory]
    [InlineData("event = 'post_start'\nneeds = ['session:a']")]
    [InlineData("event = 'post_attach'\nneeds = ['session:a', 'hook:post_start']")]
    public void Waiting_forward_is_no_circle(string hook)
    {
        Assert.Empty(Given.Spec($"[[hook]]\nname = 'h'\nrun = 'x'\n{hook}\n[[sessions]]\nname = 'a'").Errors);
    }

    [Fact]
    public void Nothing_of_the_start_waits_for_an_attach_or_the_stop()
    {
        Assert.Contains("does not run at the start", Given.OnlyError("[[sessions]]\nname = 'a'\nneeds = ['hook:pre_stop']"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_a_broken_session_or_hook_is_not_broken_itself()
    {
        SpecResult result = Given.Spec("""
            [[hook]]
            name = "h"
            event = "post_start"
            run = 5
            [[sessions]]
            name = "bad"
            command = 5
            [[sessions]]
            name = "good"
            needs = ["session:bad", "hook:h"]
            """);

        Assert.Equal(2, result.Errors.Count);
        Assert.Equal("good", Assert.Single(result.Spec.Sessions).Name);
    }

    [Fact]
    public void Many_sessions_that_wait_for_each_other_in_a_row_are_sorted_out_quickly()
    {
        string lines = string.Concat(Enumerable.Range(0, 5000).Select(i => $"[[sessions]]\nname = 's{i}'\nneeds = ['session:s{(i + 1) % 5000}']\n"));
        SpecResult result = Given.Spec(lines);
        Assert.Equal(5000, result.BrokenSessions.Count);
        Assert.All(result.Errors, error => Assert.InRange(error.Message.Length, 1, 300));
    }

    [Fact]
    public void The_devcontainer_names_are_accepted()
    {
        SpecResult result = Given.Spec("[hooks]\nwaitFor = 'postCreateCommand'\nonCreateCommand = ['a']\npostCreateCommand = { b = 'b' }");

        Assert.Empty(result.Errors);
        Assert.Equal(HookEvent.PostCreate, result.Spec.HookDefaults.WaitFor);
        Assert.Equal([HookEvent.OnCreate, HookEvent.PostCreate], result.Spec.Hooks.Select(hook => hook.Event));
        Assert.Single(Given.Spec("[hooks]\npost_start = 'a'\npostStartCommand = 'b'").Errors);
    }
}
