using System.Text;
using Sessiond.Spec;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>Runs the hooks that git commit would run, githooks(5), on the index of a save.</summary>
internal sealed class CommitHooks(Repository repository, AutoCommitSpec spec, CommitWriter writer)
{
    /// <summary>Linters and tests of a repository take their time; a hook that waits for something must not end saving for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private string? _folder;

    /// <summary>pre-commit: may change the index.</summary>
    internal Task PreCommitAsync(string index, CancellationToken cancellation) => RunAsync("pre-commit", [], index, cancellation);

    /// <summary>prepare-commit-msg and commit-msg: may change the message. Returns it.</summary>
    internal async Task<string> MessageAsync(string message, ScratchFiles scratch, string index, CancellationToken cancellation)
    {
        if (await FindAsync("prepare-commit-msg", cancellation) is null && await FindAsync("commit-msg", cancellation) is null) return message;
        var write = new GitCommand("--", scratch.Message) { Program = "tee", Input = Encoding.UTF8.GetBytes(message) };
        await repository.RunAsync(write, cancellation);
        await RunAsync("prepare-commit-msg", [scratch.Message, "message"], index, cancellation);
        await RunAsync("commit-msg", [scratch.Message], index, cancellation);
        return (await repository.RunAsync(new GitCommand("--", scratch.Message) { Program = "cat" }, cancellation)).Text;
    }

    /// <summary>post-commit: told, and not asked.</summary>
    internal async Task PostCommitAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync("post-commit", [], null, cancellation);
        }
        catch (GitException)
        {
            // As in git: the commit is made, whatever this hook says.
        }
    }

    private async Task RunAsync(string name, IReadOnlyList<string> arguments, string? index, CancellationToken cancellation)
    {
        if (await FindAsync(name, cancellation) is not { } program) return;
        var command = new GitCommand(arguments) { Program = program, IndexFile = index, Environment = writer.Identity, Limit = Limit };
        GitResult result = await repository.TryAsync(command, cancellation);
        if (result.Ok) return;
        string words = result.Error.Length > 0 ? result.Error : result.Text.Trim();
        throw new GitException($"the {name} hook {result.Status}{(words.Length > 0 ? ": " + words : "")}");
    }

    /// <summary>The program of a hook; null: there is none, or hooks are not to run.</summary>
    private async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        if (!spec.Hooks) return null;
        _folder ??= Path.Combine(repository.Root, (await repository.RunAsync(new GitCommand("rev-parse", "--git-path", "hooks"), cancellation)).Line);
        string path = Path.Combine(_folder, name);
        const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0 ? path : null;
    }
}
