using System.Text;
using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Makes commit objects with the author of the spec or of git's configuration, signed where the repository asks for it. A commit object alone changes nothing.</summary>
internal sealed class CommitWriter(AutoCommitSpec spec)
{
    /// <summary>An agent may ask a device; nobody answers a question, so longer is never.</summary>
    private static readonly TimeSpan SigningLimit = TimeSpan.FromSeconds(30);

    internal async Task<string> WriteAsync(
        Repository repository, string tree, IEnumerable<string> parents, string message, CancellationToken cancellation)
    {
        bool signs = spec.Sign && await repository.ConfigAsync("commit.gpgsign", cancellation, "--bool") == "true";
        var command = new GitCommand(["commit-tree", tree, .. parents.SelectMany(parent => new[] { "-p", parent }), .. signs ? ["-S"] : Array.Empty<string>()])
        {
            Input = Encoding.UTF8.GetBytes(message),
            Environment = Identity,
            Limit = signs ? SigningLimit : GitCommand.LocalLimit,
        };
        return (await repository.RunAsync(command, cancellation)).Line;
    }

    /// <summary>Author and committer, where the spec names one.</summary>
    internal IReadOnlyList<(string Name, string Value)> Identity
    {
        get
        {
            var identity = new List<(string, string)>();
            if (spec.Author.Name.Length > 0) identity.AddRange([("GIT_AUTHOR_NAME", spec.Author.Name), ("GIT_COMMITTER_NAME", spec.Author.Name)]);
            if (spec.Author.Email.Length > 0) identity.AddRange([("GIT_AUTHOR_EMAIL", spec.Author.Email), ("GIT_COMMITTER_EMAIL", spec.Author.Email)]);
            return identity;
        }
    }
}
