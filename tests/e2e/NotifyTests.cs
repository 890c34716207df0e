using System.Net.Sockets;
using System.Text;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>What a service manager is told, sd_notify(3), by a socket of the test's own in its place.</summary>
public sealed class NotifyTests
{
    [Fact]
    public async Task A_service_manager_is_told_of_readiness_stop_and_life_and_a_daemon_that_hangs_is_replaced()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: [("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "3000000"), ("SESSIOND_HOLDER_PAUSE", "0")]);
        await UntilAsync(manager, "READY=1");
        await UntilAsync(manager, "WATCHDOG=1");
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        int hung = daemon.DaemonPid;
        ProcessTable.Signal(ProcessTable.Find(hung)!.Value, SignalNames.Stop);
        await Eventually.TrueAsync(() => ProcessTable.Find(hung) is null, "a daemon that does not answer is killed");
        await daemon.ServesAsync();
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
        Assert.DoesNotContain("NOTIFY_SOCKET", await EnvironmentOfAsync(before.Pid!.Value), StringComparison.Ordinal);
        daemon.Process.Signal(SignalNames.Terminate);
        await UntilAsync(manager, "STOPPING=1");
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
    }

    private static Task<string> EnvironmentOfAsync(int pid) => File.ReadAllTextAsync($"/proc/{pid}/environ");

    private static async Task UntilAsync(Socket manager, string word)
    {
        byte[] buffer = new byte[4096];
        using var patience = new CancellationTokenSource(Host.Patience);
        while (true)
        {
            int count = await manager.ReceiveAsync(buffer, patience.Token);
            if (Encoding.UTF8.GetString(buffer, 0, count).Split('\n').Contains(word)) return;
        }
    }
}
