using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Pushes to and fetches from one ref of a remote; never by force, never asking anybody, with a time limit.</summary>
internal sealed class Remote(Repository repository, RemoteRef target, AutoCommitSpec spec)
{
    /// <summary>A large first push over a slow line takes minutes; one that hangs is tried again.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Seconds until ssh gives up a host that does not answer.</summary>
    private const string Ssh = "ssh -o BatchMode=yes -o ConnectTimeout=20";

    /// <summary>What git, curl and ssh say when somebody has to do something; everything else passes by itself, or is tried again all the same.</summary>
    private static readonly string[] Refusals =
    [
        "Authentication failed", "could not read Username", "could not read Password", "Permission denied", "Permission to", "error: 401", "error: 403",
        "Invalid username or", "Host key verification failed", "does not appear to be a git repository", "not found", "does not exist", "access denied",
        "dubious ownership", "hook declined", "protected branch", "pre-push hook",
    ];

    /// <summary>Pushes a commit.</summary>
    internal async Task<PushResult> PushAsync(string commit, CancellationToken cancellation)
    {
        string[] hooks = spec.Hooks ? [] : ["--no-verify"];
        GitResult result = await TryAsync(
            ["-c", "push.followTags=false", "push", "--porcelain", "--recurse-submodules=no", .. hooks, target.Remote, $"{commit}:{target.Name}"], cancellation);
        // git-push(1), porcelain: <flag> TAB <from>:<to> TAB <summary> (<reason>)
        string line = result.Text.Split('\n').FirstOrDefault(text => text.Length > 2 && text[1] == '\t') ?? "";
        if (result.Ok)
        {
            await RememberAsync(commit, cancellation);
            return new PushResult(line.StartsWith('=') ? PushOutcome.UpToDate : PushOutcome.Pushed);
        }

        if (line.StartsWith('!'))
        {
            string summary = line.Split('\t')[^1];
            bool isBehind = !summary.Contains("remote rejected", StringComparison.Ordinal) && summary.Contains("[rejected]", StringComparison.Ordinal);
            summary = repository.Git.Told(summary);
            string words = result.Error.Length > 0 ? $"{summary}\n{result.Error}" : summary;
            return isBehind ? new PushResult(PushOutcome.Behind) : new PushResult(PushOutcome.Refused, "the remote refuses the push", words);
        }

        return Failure(result);
    }

    /// <summary>Fetches what the remote has into the tracking ref. <see cref="PushOutcome.UpToDate"/>: fetched.</summary>
    internal async Task<PushResult> FetchAsync(CancellationToken cancellation)
    {
        GitResult result = await TryAsync(
            ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", target.Remote, $"+{target.Name}:{target.Tracking}"], cancellation);
        if (result.Ok) return new PushResult(PushOutcome.UpToDate);
        // Nobody has pushed this ref yet: there is nothing to merge.
        return result.Error.Contains("couldn't find remote ref", StringComparison.Ordinal) ? new PushResult(PushOutcome.UpToDate) : Failure(result);
    }

    private async Task<GitResult> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        bool hasSsh = repository.Git.Variable("GIT_SSH_COMMAND") is not null || repository.Git.Variable("GIT_SSH") is not null
            || await repository.ConfigAsync("core.sshCommand", cancellation) is not null;
        return await repository.TryAsync(new GitCommand(arguments) { IsRemote = true, Limit = Limit, Environment = hasSsh ? [] : [("GIT_SSH_COMMAND", Ssh)] }, cancellation);
    }

    /// <summary>A remote without a refspec of its own for this ref leaves no trace of a push.</summary>
    private async Task RememberAsync(string commit, CancellationToken cancellation)
    {
        if (await repository.CommitOfAsync(target.Tracking, cancellation) == commit) return;
        await repository.TryAsync(new GitCommand("update-ref", target.Tracking, commit), cancellation);
    }

    private static PushResult Failure(GitResult result)
    {
        bool isRefused = Refusals.Any(words => result.Words.Contains(words, StringComparison.OrdinalIgnoreCase));
        return isRefused
            ? new PushResult(PushOutcome.Refused, "the remote refuses us", result.Words)
            : new PushResult(PushOutcome.Offline, "the remote cannot be reached", result.Words);
    }
}
