namespace Sessiond.E2e.Tests.Harness;

/// <summary>A folder in which a test runs git as a person would.</summary>
internal sealed class GitFolder(string path)
{
    internal string Path => path;

    /// <summary>Runs git; its output without the last line end. It must succeed.</summary>
    internal async Task<string> GitAsync(params string[] arguments)
    {
        (int code, string output, string error) = await TryGitAsync(arguments);
        Assert.True(code == 0, $"git {string.Join(' ', arguments)} in {path}: {code}\n{output}{error}");
        return output.TrimEnd('\n');
    }

    /// <summary>Runs git, whatever becomes of it.</summary>
    internal async Task<(int Code, string Output, string Error)> TryGitAsync(params string[] arguments)
    {
        using MemoryFile output = MemoryFile.Create("out"), error = MemoryFile.Create("error");
        using ChildProcess child = Host.Spawner.Spawn(new SpawnRequest
        {
            Argv = ["git", .. arguments],
            Environment = Host.Environ(
                ("GIT_TERMINAL_PROMPT", "0"), ("GIT_EDITOR", ":"), ("LC_ALL", "C"),
                // A test looks into repositories that it gave to another user.
                ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "safe.directory"), ("GIT_CONFIG_VALUE_0", "*")),
            WorkingFolder = path,
            Output = output.Fd,
            Error = error.Fd,
        });
        int code = (await new ExitWatch(child).Exit).ShellCode;
        return (code, System.Text.Encoding.UTF8.GetString(output.ReadAll(64 << 20)), System.Text.Encoding.UTF8.GetString(error.ReadAll(1 << 20)));
    }

    /// <summary>Writes a file, with the folders that it needs.</summary>
    internal void Write(string name, string text)
    {
        string file = FileOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    internal string Read(string name) => File.ReadAllText(FileOf(name));

    internal bool Has(string name) => System.IO.Path.Exists(FileOf(name));

    internal void Delete(string name) => File.Delete(FileOf(name));

    internal string FileOf(string name) => System.IO.Path.Combine(path, name);

    /// <summary>Installs a hook: a shell script.</summary>
    internal void WriteHook(string name, string script)
    {
        string hooks = Directory.Exists(FileOf(".git")) ? FileOf(".git/hooks") : FileOf("hooks");
        Directory.CreateDirectory(hooks);
        string file = System.IO.Path.Combine(hooks, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Saves everything as the person would.</summary>
    internal async Task CommitAsync(string message)
    {
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "-m", message);
    }

    internal async Task<int> CommitCountAsync(string revision = "HEAD") => int.Parse(await GitAsync("rev-list", "--count", revision));

    /// <summary>Every object is there and whole.</summary>
    internal async Task FsckAsync()
    {
        (int code, string output, string error) = await TryGitAsync("fsck", "--strict", "--no-dangling", "--no-progress");
        Assert.True(code == 0 && !(output + error).Contains("error", StringComparison.Ordinal), $"git fsck in {path}: {code}\n{output}{error}");
    }
}
