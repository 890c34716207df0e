using System.Globalization;

namespace Sessiond.E2e.Tests;

/// <summary>The unit of packaging/ under a systemd that was booted for it, in a container of systemd-nspawn on this machine's own /usr.</summary>
public sealed class SystemdTests
{
    private const string Session = "sleep 1019";

    [Fact]
    public async Task T80_The_unit_is_notified_watched_reloaded_restarted_and_stopped_and_its_cgroup_is_ours()
    {
        await using Nspawn machine = await Nspawn.BootAsync($"""
            schema = 1
            workspace = "/tmp"
            [[sessions]]
            name = "s"
            command = ["sh", "-c", "(setsid env -i {Session} &) ; exec cat"]
            """);
        // Type=notify: this returns when READY=1 has come.
        await machine.SystemctlAsync("start", "sessiond");
        Assert.Equal("active", await machine.PropertyAsync("ActiveState"));
        int holder = await machine.MainPidAsync();
        int leader = 0;
        await Eventually.TrueAsync(async () => (leader = await machine.PidOfAsync("cat")) != 0, "the session's program is there");
        Assert.Matches(@"0::.*/system\.slice/sessiond\.service/sessiond-\w+/s-\w+/1\n", await machine.InsideAsync("cat", $"/proc/{leader}/cgroup"));

        int daemon = await machine.DaemonPidAsync(holder);
        await machine.InsideAsync("kill", "-STOP", Text(daemon));
        await Eventually.TrueAsync(async () => await machine.DaemonPidAsync(holder) is var next && next != 0 && next != daemon, "a daemon that hangs is replaced");
        Assert.Equal(leader, await machine.PidOfAsync("cat"));

        await machine.SystemctlAsync("reload", "sessiond");
        await Eventually.TrueAsync(async () => (await machine.InsideAsync("journalctl", "-u", "sessiond", "-o", "cat")).Contains("the spec was read again", StringComparison.Ordinal), "it reloads");
        Assert.Equal(holder, await machine.MainPidAsync());
        Assert.Equal(leader, await machine.PidOfAsync("cat"));

        await machine.InsideAsync("kill", "-STOP", Text(holder));
        await Eventually.TrueAsync(async () => await machine.MainPidAsync() is var next && next != 0 && next != holder && await machine.PropertyAsync("ActiveState") == "active", "a holder that hangs is replaced by systemd");
        Assert.Equal("1", await machine.PropertyAsync("NRestarts"));

        holder = await machine.MainPidAsync();
        await machine.SystemctlAsync("restart", "sessiond");
        Assert.NotEqual(holder, await machine.MainPidAsync());
        await Eventually.TrueAsync(async () => await machine.PidOfAsync(Session) != 0, "the session runs again");
        string cgroup = await machine.PropertyAsync("ControlGroup");
        await machine.SystemctlAsync("stop", "sessiond");
        Assert.Equal("inactive", await machine.PropertyAsync("ActiveState"));
        Assert.Equal("success", await machine.PropertyAsync("Result"));
        Assert.Equal("0", await machine.PropertyAsync("ExecMainStatus"));
        Assert.Equal(0, await machine.PidOfAsync(Session));
        Assert.Equal("", await machine.InsideAsync("find", "/sys/fs/cgroup", "-path", $"*{cgroup}*"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
