using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[[sessions]]</c> and the tables in it.</summary>
internal static class SessionKeys
{
    private static readonly SpecType<RestartPolicy> Policy = SpecTypes.OneOf(
        ("never", RestartPolicy.Never), ("on-failure", RestartPolicy.OnFailure), ("always", RestartPolicy.Always));

    private static readonly SpecType<SessionStart> Start = SpecTypes.OneOf(
        ("boot", SessionStart.Boot), ("attach", SessionStart.Attach), ("manual", SessionStart.Manual));

    private static readonly SpecType<string> Preset = SpecTypes.OneOf(
        ("terminal", "terminal"), ("vscode", "vscode"), ("marimo", "marimo"), ("jupyter", "jupyter"));

    // Git would take an argument that begins with "-" for an option.
    private static readonly SpecType<string> GitArgument = SpecTypes.Word
        .Checked(text => text.StartsWith('-') ? "must not begin with \"-\"" : Expansion.Problem(text));

    public static readonly SpecTable<RestartSpec> Restart = new SpecTable<RestartSpec>("sessions.restart", "Whether the program is started again when it ends.")
        .Key("policy", Policy, "\"never\"", "When.", (restart, policy) => restart with { Policy = policy })
        .Key("delay", UnitTypes.Duration, "\"1s\"", "Before the first restart; doubles.", (restart, time) => restart with { Delay = time })
        .Key("max", SpecTypes.Integer(0, 1_000_000), "5", "Most restarts inside `within`; then the session is `failed`.", (restart, count) => restart with { Max = count })
        .Key("within", UnitTypes.Period, "\"60s\"", "The time in which they are counted.", (restart, time) => restart with { Within = time });

    public static readonly SpecTable<ReadyProbe> Ready = new SpecTable<ReadyProbe>("sessions.ready", "When the session counts as ready; exactly one of http, tcp, exec and text.")
        .Key("http", NameTypes.HttpUrl, "(none)", "A URL that answers with a status of 200 to 399.", (ready, url) => ready with { Probe = ready.Probe with { Http = url } })
        .Key("tcp", NameTypes.Endpoint, "(none)", "HOST:PORT that accepts a connection.", (ready, endpoint) => ready with { Probe = ready.Probe with { Tcp = endpoint } })
        .Key("exec", CommandTypes.Command, "(none)", "A command that exits with 0.", (ready, command) => ready with { Probe = ready.Probe with { Exec = command } })
        .Key("text", NameTypes.Pattern, "(none)", "A regular expression that the output matches.", (ready, pattern) => ready with { Probe = ready.Probe with { Text = pattern } })
        .Key("interval", UnitTypes.Period, "\"500ms\"", "Between two tries.", (ready, time) => ready with { Interval = time })
        .Key("timeout", UnitTypes.Period, "\"2s\"", "Longest time of one try.", (ready, time) => ready with { Timeout = time })
        .Key("deadline", UnitTypes.Period, "\"60s\"", "Not ready by then: `failed`; the program goes on, and may become ready yet.", (ready, time) => ready with { Deadline = time });

    public static readonly SpecTable<LiveProbe> Live = new SpecTable<LiveProbe>("sessions.live", "Whether it still works; exactly one of http, tcp and exec.")
        .Key("http", NameTypes.HttpUrl, "(none)", "A URL that answers with a status of 200 to 399.", (live, url) => live with { Probe = live.Probe with { Http = url } })
        .Key("tcp", NameTypes.Endpoint, "(none)", "HOST:PORT that accepts a connection.", (live, endpoint) => live with { Probe = live.Probe with { Tcp = endpoint } })
        .Key("exec", CommandTypes.Command, "(none)", "A command that exits with 0.", (live, command) => live with { Probe = live.Probe with { Exec = command } })
        .Key("interval", UnitTypes.Period, "\"10s\"", "Between two tries.", (live, time) => live with { Interval = time })
        .Key("timeout", UnitTypes.Period, "\"2s\"", "Longest time of one try.", (live, time) => live with { Timeout = time })
        .Key("failures", SpecTypes.Integer(1, 1_000_000), "6", "Failed tries in a row after which the program is ended and its restart policy applies.", (live, count) => live with { Failures = count });

    public static readonly SpecTable<SessionWorkspaceSpec> Workspace = new SpecTable<SessionWorkspaceSpec>("sessions.workspace", "A folder that sessiond clones and, on terminate, removes.")
        .Key("git", GitArgument, null, "URL of the repository.", (workspace, url) => workspace with { Git = url })
        .Key("ref", GitArgument, "(the repository's default branch)", "Branch, tag or commit.", (workspace, name) => workspace with { Ref = name });

    public static readonly SpecTable<SessionSpec> Session = new SpecTable<SessionSpec>("[sessions]", "The sessions. A list of {name, command} from a Namespace spec pastes in unchanged.")
        .Key("name", NameTypes.Name, null, "Its name: " + SpecName.Rule + ".", (session, name) => session with { Name = name })
        .Key("command", CommandTypes.Command, "(a shell)", "What runs in it.", (session, command) => session with { Command = command })
        .Key("cwd", NameTypes.Path, "(the workspace)", "Working folder, relative to the workspace.", (session, path) => session with { Cwd = path })
        .Key("env", CommandTypes.Env, "{}", "As `[env]`, for this session.", (session, env) => session with { Env = env })
        .Key("size", UnitTypes.TerminalSize, "(that of `[defaults]`)", "Columns and rows while nobody ever attached.", (session, size) => session with { Size = size })
        .Key("labels", SpecTypes.TextTable, "{}", "For filters.", (session, labels) => session with { Labels = labels })
        .Key("type", Preset, "\"terminal\"", "Presets fill in command, port and probes.", (session, type) => session with { Type = type })
        .Key("primary", SpecTypes.Flag, "false", "The devbox is `running` only when it is ready.", (session, flag) => session with { Primary = flag })
        .Key("owner", NameTypes.Account, "(the devbox, shared by all who are admitted)", "Private to them.", (session, owner) => session with { Owner = owner })
        .Key("user", NameTypes.Account, "(that of `[defaults]`)", "User whose processes these are.", (session, user) => session with { User = user })
        .Key("shell", NameTypes.Path, "(that of `[defaults]`)", "Shell of a session without command.", (session, path) => session with { Shell = path })
        .Key("login", SpecTypes.Flag, "(that of `[defaults]`)", "Whether that shell is a login shell.", (session, flag) => session with { Login = flag })
        .Key("term", DefaultsKeys.Term, "(that of `[defaults]`)", "TERM.", (session, term) => session with { Term = term })
        .Key("scrollback", DefaultsKeys.Scrollback, "(that of `[defaults]`)", "Lines of scrollback.", (session, lines) => session with { Scrollback = lines })
        .Key("scrollback_bytes", DefaultsKeys.ScrollbackBytes, "(that of `[defaults]`)", "And a hard cap.", (session, bytes) => session with { ScrollbackBytes = bytes })
        .Key("on_exit", DefaultsKeys.OnExit, "(that of `[defaults]`)", "When the program ends by itself.", (session, action) => session with { OnExit = action })
        .Key("stop_signal", UnitTypes.Signal, "(that of `[defaults]`)", "First signal of a stop.", (session, signal) => session with { StopSignal = signal })
        .Key("stop_timeout", UnitTypes.Duration, "(that of `[defaults]`)", "Grace before SIGKILL.", (session, time) => session with { StopTimeout = time })
        .Key("restart", SpecTypes.Table(Restart, new RestartSpec()), "(never)", "Whether the program is started again.", (session, restart) => session with { Restart = restart })
        .Key("ready", SpecTypes.Table(Ready, new ReadyProbe()).Checked(ready => ProblemOfProbe(ready.Probe)), "(as soon as its program runs)", "When it counts as ready.", (session, ready) => session with { Ready = ready })
        .Key("live", SpecTypes.Table(Live, new LiveProbe()).Checked(live => ProblemOfProbe(live.Probe)), "(as long as its program runs)", "Whether it still works.", (session, live) => session with { Live = live })
        .Key("port", SpecTypes.Integer(1, 65_535), "(none)", "Shown, and the base of the probes as `${port}`.", (session, port) => session with { Port = port })
        .Key("needs", CommandTypes.Needs, "(the event of `hooks.wait_for`)", "`\"hook:NAME\"` or an event finished, `\"session:NAME\"` ready.", (session, needs) => session with { Needs = needs })
        .Key("before", CommandTypes.Commands, "(none)", "Runs before each start.", (session, commands) => session with { Before = commands })
        .Key("init", CommandTypes.Commands, "(none)", "Runs once per storage.", (session, commands) => session with { Init = commands })
        .Key("start", Start, "\"boot\"", "boot; attach: when someone first connects; manual.", (session, start) => session with { Start = start })
        .Key("keep_alive", SpecTypes.Flag, "false", "Counts as activity while its program runs.", (session, flag) => session with { KeepAlive = flag })
        .Key("workspace", SpecTypes.Table(Workspace, new SessionWorkspaceSpec()), "(none)", "A folder of its own.", (session, workspace) => session with { Workspace = workspace })
        .Key("auto_commit", AutoCommitKeys.Type, "(off)", "For its own workspace; the keys of `[auto_commit]`.", (session, save) => session with { AutoCommit = save });

    private static string? ProblemOfProbe(Probe probe)
    {
        int ways = (probe.Http is null ? 0 : 1) + (probe.Tcp is null ? 0 : 1) + (probe.Exec is null ? 0 : 1) + (probe.Text is null ? 0 : 1);
        return ways == 1 ? null : "a probe needs exactly one way to ask";
    }
}
