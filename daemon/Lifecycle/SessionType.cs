using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>A preset: what a session of a type runs when its spec does not say otherwise.</summary>
/// <param name="Command">The web server, which finds its port in PORT.</param>
/// <param name="HealthPath">What answers with a status of 200 to 399 once it serves.</param>
/// <param name="Deadline">How long its first start may take.</param>
internal sealed record SessionType(Command Command, string HealthPath, TimeSpan Deadline)
{
    // On the loopback address alone and without a password of their own: whoever forwards the port decides who may come.
    private static readonly Dictionary<string, SessionType> Types = new()
    {
        ["vscode"] = new(
            Command.FromShell("exec code-server --bind-addr \"127.0.0.1:$PORT\" --auth none --disable-telemetry --disable-update-check ."),
            "/healthz",
            TimeSpan.FromSeconds(60)),
        ["marimo"] = new(
            Command.FromShell("exec marimo --yes edit --headless --no-token --host 127.0.0.1 --port \"$PORT\""),
            "/health",
            TimeSpan.FromSeconds(60)),
        // `jupyter lab` where it is installed. The token has two names: that of the notebook before version 7, and that of the server since.
        ["jupyter"] = new(
            Command.FromShell("command -v jupyter-lab >/dev/null && set -- lab || set -- notebook\n"
                + "[ \"$(id -u)\" = 0 ] && set -- \"$@\" --allow-root\n"
                + "exec jupyter \"$@\" --no-browser --ip=127.0.0.1 --port=\"$PORT\" --ServerApp.token= --NotebookApp.token="),
            "/api",
            TimeSpan.FromSeconds(60)),
    };

    /// <summary>The preset of a type; null for a plain terminal.</summary>
    internal static SessionType? Find(string type) => Types.GetValueOrDefault(type);

    internal ReadyProbe Ready => new() { Probe = new Probe { Http = Url }, Deadline = Deadline };

    internal LiveProbe Live => new() { Probe = new Probe { Http = Url } };

    private string Url => $"http://127.0.0.1:${{port}}{HealthPath}";
}
