using System.Net.Sockets;
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
        await using TestDaemon daemon = await TestDaemon.StartAsync(environment: [("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "6000000"), ("SESSIOND_HOLDER_PAUSE", "0")]);
        var told = new Transcript();
        using var over = new CancellationTokenSource();
        Task reading = ReadAsync(manager, told, over.Token);
        await told.UntilAsync("READY=1");
        await told.UntilAsync("WATCHDOG=1");
        SessionObject before = await daemon.NewAsync("calm", ["cat"]);
        int hung = daemon.DaemonPid;
        ProcessTable.Signal(ProcessTable.Find(hung)!.Value, SignalNames.Stop);
        await Eventually.TrueAsync(() => ProcessTable.Find(hung) is null, "a daemon that does not answer is killed");
        await daemon.ServesAsync();
        Assert.Equal(before.Pid, (await daemon.SessionAsync("calm")).Pid);
        Assert.DoesNotContain("NOTIFY_SOCKET", await EnvironmentOfAsync(before.Pid!.Value), StringComparison.Ordinal);
        daemon.Process.Signal(SignalNames.Terminate);
        await told.UntilAsync("STOPPING=1");
        Assert.Equal(0, await daemon.Process.ExitCodeAsync());
        await over.CancelAsync();
        await reading;
    }

    private static Task<string> EnvironmentOfAsync(int pid) => File.ReadAllTextAsync($"/proc/{pid}/environ");

    /// <summary>Reads all the time: a socket that is full of signs of life takes nothing else.</summary>
    private static async Task ReadAsync(Socket manager, Transcript told, CancellationToken over)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = await manager.ReceiveAsync(buffer, over);
                told.Add([.. buffer.AsSpan(0, count), (byte)'\n']);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }
}
