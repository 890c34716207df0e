using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary>The top level of a spec, and its small tables.</summary>
internal static class RootKeys
{
    /// <summary>The only version of the format so far.</summary>
    public const int Schema = 1;

    private static readonly SpecType<DaemonLog> DaemonLog = SpecTypes.OneOf(
        ("text", Spec.DaemonLog.Text), ("json", Spec.DaemonLog.Json), ("off", Spec.DaemonLog.Off));

    public static readonly SpecTable<ImportSpec> Import = new SpecTable<ImportSpec>("import", "Other tools' files that are read too.")
        .Key("devcontainer", SpecTypes.Flag, "false", "true: lifecycle commands, remoteEnv, waitFor and forwardPorts of .devcontainer/devcontainer.json.", (import, flag) => import with { Devcontainer = flag })
        .Key("app_yaml", SpecTypes.Flag, "false", "true: variables of app.yaml; inputType Secret becomes a secret.", (import, flag) => import with { AppYaml = flag })
        .Key("env_files", SpecTypes.ListOf(NameTypes.Path), "[]", "Dotenv files; a missing one is a warning.", (import, list) => import with { EnvFiles = list });

    public static readonly SpecTable<ActivitySpec> Activity = new SpecTable<ActivitySpec>("activity", "What counts as activity.")
        .Key("tasks_dir", NameTypes.Path, "(`/run/sessiond/tasks`, or in the run folder of a daemon that is not root)", "A file here says: busy.", (activity, path) => activity with { TasksDir = path })
        .Key("marker_ttl", UnitTypes.Period, "\"12h\"", "An older file says nothing.", (activity, time) => activity with { MarkerTtl = time })
        .Key("output_counts", SpecTypes.Flag, "true", "Output of a session counts.", (activity, flag) => activity with { OutputCounts = flag });

    public static readonly SpecTable<LogsSpec> Logs = new SpecTable<LogsSpec>("logs", "Log files of sessions and hooks, and the daemon's own log.")
        .Key("max_size", UnitTypes.Size, "\"16MiB\"", "Per session and hook; head and tail are kept, the cut is marked.", (logs, bytes) => logs with { MaxSize = bytes })
        .Key("keep", SpecTypes.Integer(0, 1000), "5", "Logs of earlier runs that are kept.", (logs, count) => logs with { Keep = count })
        .Key("stdout", DaemonLog, "\"text\"", "The daemon's own log.", (logs, form) => logs with { Stdout = form })
        .Key("mask_secrets", SpecTypes.Flag, "true", "Secret values become `*` in logs.", (logs, flag) => logs with { MaskSecrets = flag });

    public static readonly SpecTable<ReleaseSpec> Release = new SpecTable<ReleaseSpec>("release", "How a newer version is noticed.")
        .Key("feed", SpecTypes.Text, "\"\"", "A file or URL that names the newest version; empty: only the binary on disk is compared.", (release, feed) => release with { Feed = feed });

    public static readonly SpecTable<SpecDraft> Root = new SpecTable<SpecDraft>("", "A sessiond spec.")
        .Key("schema", SpecTypes.Integer(Schema, Schema).Select(value => value, "integer"), null, "Version of the format; a newer number is refused, not misread.", (draft, value) => draft with { Spec = draft.Spec with { Schema = value } })
        .Key("workspace", NameTypes.Path, "(the daemon's working folder)", "Where commands run.", (draft, path) => draft with { Spec = draft.Spec with { Workspace = path } })
        .Key("app_dir", NameTypes.Path, "\".\"", "Relative to it: cwd of hooks, scope of auto-commit, place of app.yaml.", (draft, path) => draft with { Spec = draft.Spec with { AppDir = path } })
        .Key("labels", SpecTypes.TextTable, "{}", "For filters across devboxes: user, type, environment, project.", (draft, labels) => draft with { Spec = draft.Spec with { Labels = labels } })
        .Key("daemon", SpecTypes.Table(DaemonKeys.Daemon, new DaemonSpec()), "{}", DaemonKeys.Daemon.Doc, (draft, daemon) => draft with { Spec = draft.Spec with { Daemon = daemon } })
        .Key("defaults", SpecTypes.Table(DefaultsKeys.Defaults, new DefaultsSpec()), "{}", DefaultsKeys.Defaults.Doc, (draft, defaults) => draft with { Spec = draft.Spec with { Defaults = defaults } })
        .Key("import", SpecTypes.Table(Import, new ImportSpec()), "{}", Import.Doc, (draft, import) => draft with { Spec = draft.Spec with { Import = import } })
        .Key("env", CommandTypes.Env, "{}", "Variables of sessions and hooks: `NAME = \"value\"`, or a table that changes one.", (draft, env) => draft with { Spec = draft.Spec with { Env = env } })
        .Key("secrets", SecretKeys.Secrets, "{}", "`VARIABLE = \"name of the secret\"`, or a table.", (draft, secrets) => draft with { Spec = draft.Spec with { Secrets = secrets } })
        .Key("secret_provider", SecretKeys.Provider, "{}", SecretKeys.ProviderTable.Doc, (draft, provider) => draft with { Spec = draft.Spec with { SecretProvider = provider } })
        .Key("hooks", SpecTypes.Table(HookKeys.Hooks, new HooksDraft()), "{}", HookKeys.Hooks.Doc, (draft, hooks) => draft with { ShortHooks = hooks })
        .Key("hook", NamedTables.Hooks, "[]", HookKeys.LongHook.Doc, (draft, hooks) => draft with { LongHooks = hooks })
        .Key("sessions", NamedTables.Sessions, "[]", SessionKeys.Session.Doc, (draft, sessions) => draft with { Sessions = sessions })
        .Key("auto_commit", AutoCommitKeys.Type, "(off)", AutoCommitKeys.AutoCommit.Doc, (draft, save) => draft with { Spec = draft.Spec with { AutoCommit = save } })
        .Key("activity", SpecTypes.Table(Activity, new ActivitySpec()), "{}", Activity.Doc, (draft, activity) => draft with { Spec = draft.Spec with { Activity = activity } })
        .Key("logs", SpecTypes.Table(Logs, new LogsSpec()), "{}", Logs.Doc, (draft, logs) => draft with { Spec = draft.Spec with { Logs = logs } })
        .Key("release", SpecTypes.Table(Release, new ReleaseSpec()), "{}", Release.Doc, (draft, release) => draft with { Spec = draft.Spec with { Release = release } });

    /// <summary>All tables, in the order of the reference.</summary>
    public static IReadOnlyList<SpecTable> All { get; } =
    [
        Root, DaemonKeys.Daemon, DaemonKeys.Tls, DaemonKeys.Oidc, DefaultsKeys.Defaults, Import, CommandTypes.EnvEntryTable,
        SecretKeys.Secret, SecretKeys.ProviderTable, HookKeys.Hooks, HookKeys.LongHook, SessionKeys.Session, SessionKeys.Restart,
        SessionKeys.Ready, SessionKeys.Live, SessionKeys.Workspace, AutoCommitKeys.AutoCommit, AutoCommitKeys.Author, Activity, Logs, Release,
    ];
}
