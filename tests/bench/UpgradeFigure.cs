using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sessiond.Bench;

/// <summary>The longest that somebody who types waits for an echo while the daemon is being replaced: three upgrades in a row, by the command-line client as it comes.</summary>
internal static class UpgradeFigure
{
    private const int Upgrades = 3;

    /// <summary>Keys after the end of `upgrade`: the client comes back when the old daemon closes it.</summary>
    private const int KeysAfter = 200;

    /// <summary>An echo that does not come within this will not come: the key is lost.</summary>
    private const int PatienceMilliseconds = 20_000;

    /// <summary>Numbers its keys, so that an echo is known from what a client paints again, and a lost or doubled key from a late one.</summary>
    private static readonly string[] Counter =
    [
        "sh", "-c", "stty raw -echo; printf READY; n=0; while dd bs=1 count=1 >/dev/null 2>&1; do n=$((n+1)); printf '\\r#%d;' $n; done",
    ];

    internal static void Measure(Workbench bench, FigureTable table)
    {
        using SessiondHost daemon = bench.StartDaemon();
        foreach (string verb in (string[])["daemon", "holder"])
        {
            string name = bench.NewName();
            daemon.Start(name, Counter);
            using PtyWatcher client = daemon.AttachProcess(name);
            client.ReadUntil("READY"u8);
            int keys = 0;
            double[] quiet = [.. Enumerable.Range(0, KeysAfter).Select(_ => OneKey(client, ++keys))];
            table.Row("echo of the same program, worst without an upgrade", "ms").Add(Column.Sessiond, quiet.Max());
            for (int i = 0; i < Upgrades; i++) table.Row($"upgrade of the {verb}, worst echo, {i + 1}.", "ms").Add(Column.Sessiond, Upgrade(bench, daemon, client, verb, ref keys));
            daemon.End(name);
        }
    }

    private static double Upgrade(Workbench bench, SessiondHost daemon, PtyWatcher client, string verb, ref int keys)
    {
        string[] arguments = ["upgrade", "--binary", bench.Options.Binary, .. verb == "holder" ? ["--holder"] : Array.Empty<string>()];
        int[] before = [.. daemon.Pids()];
        using PtyWatcher upgrade = daemon.Client(arguments);
        double worst = 0;
        for (int left = KeysAfter; left > 0; left--)
        {
            if (!upgrade.HasEnded(0)) left = KeysAfter;
            worst = Math.Max(worst, OneKey(client, ++keys));
        }

        Pty.ExitStatus status = upgrade.ReadToEnd();
        if (status.Code != 0 || before.Order().SequenceEqual(daemon.Pids().Order())) throw new IOException($"the upgrade {status}, and the daemon is the same");
        return worst;
    }

    /// <returns>Milliseconds from the key to its number.</returns>
    private static double OneKey(PtyWatcher client, int number)
    {
        using var patience = new Timer(_ => client.Kill(), null, PatienceMilliseconds, Timeout.Infinite);
        long start = Stopwatch.GetTimestamp();
        client.Write("x"u8);
        client.ReadUntil(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"#{number};")));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
