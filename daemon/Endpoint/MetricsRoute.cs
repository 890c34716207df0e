using System.Globalization;
using System.Text;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Sessions;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint;

/// <summary>GET /metrics: Prometheus text format 0.0.4. Sums over all sessions; a label per session would grow without end.</summary>
internal sealed class MetricsRoute(Func<StatusObject> status, SessionRegistry sessions)
{
    private static readonly string[] States =
    [
        SessionStates.Starting, SessionStates.Initializing, SessionStates.Running, SessionStates.Paused, SessionStates.Stopping, SessionStates.Stopped,
        SessionStates.Failed,
    ];

    internal Route Route => new("GET", "/metrics", Scope.Observe, exchange =>
        exchange.WriteAsync(Encoding.UTF8.GetBytes(Describe()), "text/plain; version=0.0.4; charset=utf-8"));

    private string Describe()
    {
        StatusObject devbox = status();
        SessionObject[] all = [.. sessions.All().Select(session => session.Describe())];
        var text = new StringBuilder();
        Add(text, "sessiond_build_info", "gauge", "1, with the version as label.", ($"version=\"{devbox.Version}\"", 1));
        Add(text, "sessiond_start_time_seconds", "gauge", "When the daemon started, Unix time.", ("", devbox.StartedAt.ToUnixTimeMilliseconds() / 1000.0));
        Add(text, "sessiond_devbox_state", "gauge", "1 for the state that the devbox is in.", [.. States.Select(state => ($"state=\"{state}\"", devbox.State == state ? 1.0 : 0))]);
        Add(text, "sessiond_sessions", "gauge", "Sessions by state.", [.. States.Select(state => ($"state=\"{state}\"", (double)all.Count(session => session.State == state)))]);
        Add(text, "sessiond_attachments", "gauge", "Clients attached, by role.",
            ("role=\"controller\"", all.Count(session => session.Controller is not null)), ("role=\"observer\"", all.Sum(session => session.Observers)));
        Add(text, "sessiond_output_bytes", "gauge", "Bytes that the present sessions printed since they were made.", ("", all.Sum(session => (double)session.Offset)));
        Add(text, "sessiond_snapshots", "gauge", "Snapshots that were made of the present sessions, for attaching and for slow clients.", ("", sessions.All().Sum(session => (double)session.SnapshotsMade)));
        Add(text, "sessiond_scanned_bytes", "gauge", "Output bytes of the present sessions that were parsed once more, to find where a message to a slow client may end.", ("", sessions.All().Sum(session => (double)session.ScannedBytes)));
        Add(text, "sessiond_session_restarts", "gauge", "Restarts of the present sessions by their restart policy.", ("", all.Sum(session => (double)session.Restarts)));
        Add(text, "process_resident_memory_bytes", "gauge", "Resident memory of the daemon.", ("", Environment.WorkingSet));
        Add(text, "sessiond_heap_bytes", "gauge", "Managed memory of the daemon: in use after the last collection, and held from the system.",
            ("part=\"used\"", GC.GetTotalMemory(forceFullCollection: false)), ("part=\"held\"", GC.GetGCMemoryInfo().TotalCommittedBytes));
        Add(text, "process_cpu_seconds_total", "counter", "Processor time of the daemon.", ("", Environment.CpuUsage.TotalTime.TotalSeconds));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string type, string help, params ReadOnlySpan<(string Labels, double Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach ((string labels, double value) in samples)
        {
            text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
