using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[auto_commit]</c>, of the devbox and of a session with a workspace of its own.</summary>
internal static class AutoCommitKeys
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(3600);

    private static readonly SpecType<TimeSpan> Interval = UnitTypes.Duration
        .Checked(time => time < MinInterval || time > MaxInterval ? "must be between 1s and 3600s" : null);

    private static readonly SpecType<TimeSpan?> Pull = new(
        "off | duration",
        (value, reading) =>
        {
            if (value is Toml.TomlString { Value: "off" }) return default(TimeSpan?);
            return Interval.Read(value, reading).Then<TimeSpan?>(period => period);
        },
        UnitTypes.Duration.WriteSchema);

    private static readonly SpecType<string> Target = SpecTypes.Word.Checked(ProblemOfTarget, "branch | refs/…");

    private static readonly SpecType<ConflictPolicy> Conflict = SpecTypes.OneOf(("local", ConflictPolicy.Local), ("stop", ConflictPolicy.Stop));

    private static readonly SpecType<bool> OnStop = SpecTypes.OneOf(("commit", true), ("off", false));

    // Git would take an argument that begins with "-" for an option.
    private static readonly SpecType<string> Remote = SpecTypes.Word.Checked(name => name.StartsWith('-') ? "must not begin with \"-\"" : null);

    public static readonly SpecTable<AuthorSpec> Author = new SpecTable<AuthorSpec>("auto_commit.author", "Author of the commits; empty: git's own configuration.")
        .Key("name", SpecTypes.Text, "\"\"", "Name.", (author, name) => author with { Name = name })
        .Key("email", SpecTypes.Text, "\"\"", "Email address.", (author, email) => author with { Email = email });

    public static readonly SpecTable<AutoCommitSpec> AutoCommit = new SpecTable<AutoCommitSpec>("auto_commit", "Edits are committed and pushed. Without this table it is off; with it, on.")
        .Key("enabled", SpecTypes.Flag, "true", "false: off until somebody turns it on.", (save, flag) => save with { Enabled = flag })
        .Key("interval", Interval, "\"5s\"", "After the last edit; 1s to 3600s.", (save, time) => save with { Interval = time })
        .Key("max_wait", UnitTypes.Period, "\"60s\"", "Commits at last, under edits that never pause.", (save, time) => save with { MaxWait = time })
        .Key("paths", SpecTypes.Words, "[\".\"]", "What is saved, relative to app_dir.", (save, list) => save with { Paths = list })
        .Key("exclude", SpecTypes.Words, "[]", "What is not, beside .gitignore.", (save, list) => save with { Exclude = list })
        .Key("max_file", UnitTypes.Size, "\"10MiB\"", "Larger ones stay out, with a warning.", (save, bytes) => save with { MaxFile = bytes })
        .Key("message", SpecTypes.Word, "\"[AutoCommit] Updated {files}\"", "Commit message.", (save, text) => save with { Message = text })
        .Key("target", Target, "\"branch\"", "branch (the one checked out) or a ref such as `\"refs/sessiond/autosave\"`.", (save, target) => save with { Target = target })
        .Key("hooks", SpecTypes.Flag, "true", "false: the repository's commit and push hooks are not run.", (save, flag) => save with { Hooks = flag })
        .Key("sign", SpecTypes.Flag, "true", "false: commits are not signed, whatever `commit.gpgsign` of git's configuration says.", (save, flag) => save with { Sign = flag })
        .Key("push", SpecTypes.Flag, "true", "Whether commits are pushed.", (save, flag) => save with { Push = flag })
        .Key("remote", Remote, "\"origin\"", "Where to.", (save, remote) => save with { Remote = remote })
        .Key("pull", Pull, "\"off\"", "off, or a period: remote edits are merged in.", (save, period) => save with { Pull = period })
        .Key("conflict", Conflict, "\"local\"", "When both sides changed the same: local wins, or stop.", (save, policy) => save with { Conflict = policy })
        .Key("on_stop", OnStop, "\"commit\"", "commit: a last commit and push inside `daemon.stop_grace`; off.", (save, commit) => save with { CommitOnStop = commit })
        .Key("author", SpecTypes.Table(Author, new AuthorSpec()), "{ name = \"\", email = \"\" }", "Author of the commits; empty: git's own configuration.", (save, author) => save with { Author = author });

    public static readonly SpecType<AutoCommitSpec> Type = SpecTypes.WholeTable(AutoCommit, new AutoCommitSpec());

    private static string? ProblemOfTarget(string target)
    {
        if (target == "branch") return null;
        bool valid = target.StartsWith("refs/", StringComparison.Ordinal)
            && target.Length > 5
            && !target.EndsWith('/')
            && !target.Contains("..", StringComparison.Ordinal)
            && target.All(c => c > ' ' && c != '\x7F' && !"~^:?*[\\".Contains(c));
        return valid ? null : $"\"{SpecText.Printable(target)}\" is neither \"branch\" nor a ref that begins with \"refs/\"";
    }
}
