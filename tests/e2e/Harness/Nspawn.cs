using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>A booted systemd of the test's own: systemd-nspawn on this machine's /usr, everything else in memory, with the unit of packaging/ and the binary under test.</summary>
internal sealed class Nspawn : IAsyncDisposable
{
    /// <summary>What the binary is called inside.</summary>
    private const string Binary = "/opt/sessiond";

    /// <summary>In place of the unit's own minute.</summary>
    private const string Watchdog = "WatchdogSec=3s";

    private readonly PipedProgram _nspawn;
    private readonly TemporaryFolder _folder;
    private readonly Cgroup _cgroup;
    private int _init;

    private Nspawn(PipedProgram nspawn, TemporaryFolder folder, Cgroup cgroup)
    {
        _cgroup = cgroup;
        _nspawn = nspawn;
        _folder = folder;
    }

    /// <summary>Boots, or skips the test with the reason why that cannot be here.</summary>
    internal static async Task<Nspawn> BootAsync(string spec)
    {
        Host.RequireRoot();
        Host.Require("systemd-nspawn", "nsenter", "journalctl");
        Assert.SkipWhen(File.Exists(Host.Binary + ".dll"), "the binary needs a runtime, which the container has not; publish it");
        // Its own, since nspawn names those below it alike for every machine.
        var cgroup = new Cgroup(Path.Combine(Cgroups.Require(), $"test-{Guid.NewGuid():N}"), Host.Loop);
        Directory.CreateDirectory(cgroup.Folder);
        var folder = new TemporaryFolder();
        string unit = await File.ReadAllTextAsync(Path.Combine(Repository(), "packaging/systemd/sessiond.service"));
        const string Start = "ExecStart=/usr/local/bin/sessiond serve";
        Assert.Contains(Start, unit, StringComparison.Ordinal);
        Assert.Contains("WatchdogSec=60s", unit, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "unit"), unit.Replace(Start, $"ExecStart={Binary} serve", StringComparison.Ordinal).Replace("WatchdogSec=60s", Watchdog, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "spec"), spec);
        var nspawn = PipedProgram.Start(
            [
                "sh", "-c", "echo 0 > $0/cgroup.procs && exec \"$@\"", cgroup.Folder,
                "systemd-nspawn", "--quiet", "--directory=/", "--volatile=yes", "--register=no", "--keep-unit", "--boot", "--console=pipe", "--link-journal=no",
                $"--machine=sessiond-{Guid.NewGuid().ToString("N")[..8]}",
                $"--bind-ro={Host.Binary}:{Binary}",
                $"--bind-ro={folder.Path}/unit:/etc/systemd/system/sessiond.service",
                $"--bind-ro={folder.Path}/spec:/etc/sessiond/sessiond.toml",
                "systemd.unit=multi-user.target",
            ],
            Host.Environ(),
            "/");
        var machine = new Nspawn(nspawn, folder, cgroup);
        try
        {
            await machine.BootsAsync();
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program inside; what it printed.</summary>
    internal async Task<string> InsideAsync(params string[] argv)
    {
        await using var program = PipedProgram.Start(["nsenter", "-t", Text(_init), "-a", "--", .. argv], Host.Environ(), "/");
        await program.EndAsync();
        return program.Output.Text();
    }

    internal async Task SystemctlAsync(params string[] arguments)
    {
        await using var program = PipedProgram.Start(["nsenter", "-t", Text(_init), "-a", "--", "systemctl", .. arguments], Host.Environ(), "/");
        int code = await program.ExitCodeAsync();
        Assert.True(code == 0, $"systemctl {string.Join(' ', arguments)}: {code} {program.Output.Text()}\n{await InsideAsync("journalctl", "-u", "sessiond", "-o", "cat")}");
    }

    /// <summary>A property of the unit.</summary>
    internal async Task<string> PropertyAsync(string name) => (await InsideAsync("systemctl", "show", "--value", "-p", name, "sessiond")).Trim();

    internal async Task<int> MainPidAsync() => int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <summary>The pid inside of a program by its whole command line; 0: there is none.</summary>
    internal async Task<int> PidOfAsync(string command) =>
        int.TryParse((await InsideAsync("pgrep", "-o", "-x", "-f", command)).Trim(), CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    /// <summary>The daemon of a holder; 0: there is none.</summary>
    internal async Task<int> DaemonPidAsync(int holder) =>
        int.TryParse((await InsideAsync("pgrep", "-P", Text(holder), "-f", "^sessiond daemon")).Trim(), CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    public async ValueTask DisposeAsync()
    {
        // To nspawn's init, which ends at once with everything that it runs.
        if (_init != 0 && ProcessTable.Find(_init) is { } init) ProcessTable.Signal(init, SignalNames.Kill);
        else _nspawn.Signal(SignalNames.Kill);
        await _nspawn.Exit;
        await _nspawn.DisposeAsync();
        _cgroup.TryRemove();
        // Beside version 1, systemd-nspawn makes the same in the hierarchy name=systemd.
        foreach (string hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup")) new Cgroup(Path.Combine(hierarchy, _cgroup.Name), Host.Loop).TryRemove();
        _folder.Dispose();
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task BootsAsync()
    {
        await Eventually.TrueAsync(
            () => _nspawn.Exit.IsCompleted || (_init = ProcessTable.Read().FirstOrDefault(entry => entry.Parent == _nspawn.Pid && ProcessTable.CommandLine(entry.Pid).Contains("/systemd ", StringComparison.Ordinal)).Pid) != 0,
            "systemd is executed");
        Assert.SkipWhen(_nspawn.Exit.IsCompleted, $"systemd-nspawn cannot run here: {_nspawn.Output.Text()}");
        await Eventually.TrueAsync(async () => (await InsideAsync("systemctl", "is-system-running")).Trim() is "running" or "degraded", "systemd has booted");
    }
}
