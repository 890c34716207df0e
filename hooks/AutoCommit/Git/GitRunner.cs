using System.Text;
using System.Text.RegularExpressions;
using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// Runs git as the devbox's user: by argv, never asking anybody anything, with a time limit. Input and output go through memory files, so that no pipe
/// can fill up and a background process that git left holds nothing up.
/// </summary>
public sealed partial class GitRunner
{
    /// <summary>Bytes of output that are taken: the status of half a million files.</summary>
    private const int MaxOutput = 64 << 20;

    /// <summary>Characters kept of what git says when it fails: the end has the reason.</summary>
    private const int MaxWords = 2000;

    /// <summary>Variables that would turn git to another repository than the one it runs in, git(1).</summary>
    private static readonly string[] Misleading =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE",
        "GIT_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EXTERNAL_DIFF", "LANGUAGE",
    ];

    private readonly IGitProcesses _processes;
    private readonly UserIdentity? _user;
    private readonly Dictionary<string, string> _environment;

    /// <summary>Makes a runner.</summary>
    /// <param name="processes">Starts processes.</param>
    /// <param name="user">Whose processes these are; null: the daemon's own user.</param>
    /// <param name="environment">The user's environment: credential helpers and agents are found through it.</param>
    public GitRunner(IGitProcesses processes, UserIdentity? user, IReadOnlyDictionary<string, string> environment)
    {
        _processes = processes;
        _user = user;
        _environment = new Dictionary<string, string>(environment);
        foreach (string name in Misleading) _environment.Remove(name);
        _environment["LC_ALL"] = "C"; // its words are read, by programs and by people
        _environment["GIT_TERMINAL_PROMPT"] = "0";
        _environment["GIT_OPTIONAL_LOCKS"] = "0"; // reading takes no lock that could be in the user's way
        _environment["GIT_PAGER"] = "cat";
        _environment["GIT_EDITOR"] = ":";
        _environment["GIT_MERGE_AUTOEDIT"] = "no";
        _environment["GCM_INTERACTIVE"] = "never";
        _environment["SSH_ASKPASS_REQUIRE"] = "never";
    }

    /// <summary>Variables of what talks to a remote beside the environment, fetched for each run; null: none.</summary>
    public Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>>? Secrets { get; init; }

    /// <summary>Covers secrets in what git says.</summary>
    public Func<string, string> Mask { get; init; } = static text => text;

    /// <summary>A variable of the environment that git gets.</summary>
    internal string? Variable(string name) => _environment.GetValueOrDefault(name);

    /// <summary>Runs a command to its end, whatever that is.</summary>
    /// <exception cref="GitException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the program has ended.</exception>
    internal async Task<GitResult> TryAsync(string folder, GitCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await RunToEndAsync(folder, command, cancellation);
        }
        catch (IOException failure)
        {
            // Also where there is no descriptor left for its input and output.
            throw new GitException(failure.Message);
        }
    }

    private async Task<GitResult> RunToEndAsync(string folder, GitCommand command, CancellationToken cancellation)
    {
        using MemoryFile output = MemoryFile.Create("git-output"), error = MemoryFile.Create("git-error");
        using MemoryFile? input = command.Input is { } bytes ? MemoryFile.Of("git-input", bytes) : null;
        string[] argv = command.Program is { } program ? [program, .. command.Arguments] : ["git", .. command.Arguments];
        string name = command.Program is null ? $"git {command.Arguments.FirstOrDefault(word => !word.Contains('=') && word[0] != '-')}" : Path.GetFileName(argv[0]);
        var request = new SpawnRequest
        {
            Argv = argv,
            Environment = await EnvironmentOfAsync(command, cancellation),
            WorkingFolder = folder,
            Input = input?.Fd,
            Output = output.Fd,
            Error = error.Fd,
            User = _user,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(command.Limit);
        ExitStatus status = await _processes.RunAsync(request, limit.Token);
        cancellation.ThrowIfCancellationRequested();
        string words = Told(Encoding.UTF8.GetString(error.ReadAll(MaxOutput)));
        if (limit.IsCancellationRequested && status.Code != 0) words = $"{name} took longer than {command.Limit.TotalSeconds:0} s and was ended\n{words}".TrimEnd();
        return new GitResult(name, status, output.ReadAll(MaxOutput), words);
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <exception cref="GitException">It did not.</exception>
    internal async Task<GitResult> RunAsync(string folder, GitCommand command, CancellationToken cancellation) =>
        (await TryAsync(folder, command, cancellation)).OrThrow();

    private async Task<Dictionary<string, string>> EnvironmentOfAsync(GitCommand command, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(_environment);
        if (command.IsRemote && Secrets is { } secrets)
        {
            foreach ((string name, string value) in await secrets(cancellation)) environment[name] = value;
            foreach (string name in Misleading) environment.Remove(name);
        }

        if (command.IndexFile is { } index) environment["GIT_INDEX_FILE"] = index;
        foreach ((string name, string value) in command.Environment) environment[name] = value;
        return environment;
    }

    /// <summary>Bounded, for people, without secrets and without the password that a URL may hold.</summary>
    internal string Told(string text)
    {
        string clean = Password().Replace(Mask(text), "$1***@").Trim();
        if (clean.Length > MaxWords) clean = "…" + clean[^MaxWords..];
        return string.Concat(clean.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c));
    }

    [GeneratedRegex("(://)[^/@\\s]+@")]
    private static partial Regex Password();
}
