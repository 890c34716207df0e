using System.Runtime.CompilerServices;

[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Sessiond.E2e.Tests.Harness;

/// <summary>What all tests of this process share: the loop that reads ptys and waits for ends, and the spawner.</summary>
internal static class Host
{
    /// <summary>For a fact that comes at once on an idle machine; a build beside the tests takes its share.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int MinThreads = 32;

    internal static EpollLoop Loop { get; } = new("harness", exception => Environment.FailFast("the harness's loop", exception));

    internal static Spawner Spawner { get; } = Start();

    /// <summary>The published binary: SESSIOND_BINARY, else out/sessiond of this repository.</summary>
    internal static string Binary { get; } = FindBinary();

    /// <summary>Path of a program, or null where it is not installed.</summary>
    internal static string? Find(string program) =>
        "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin".Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test, with a message, where a program is not installed.</summary>
    internal static void Require(params string[] programs)
    {
        foreach (string program in programs) Assert.SkipWhen(Find(program) is null, $"{program} is not installed");
    }

    /// <summary>Skips the test where it does not run as root.</summary>
    internal static void RequireRoot() => Assert.SkipUnless(UserDatabase.IsRoot, "only root can become another user");

    /// <summary>The environment of what the tests start: nothing of the test runner's own.</summary>
    internal static Dictionary<string, string> Environ(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/",
            ["TERM"] = "xterm-256color",
            ["LANG"] = "C.UTF-8",
        };
        foreach ((string name, string value) in more) environment[name] = value;
        return environment;
    }

    private static Spawner Start()
    {
        // Some tests hold a thread while they wait; the others' continuations must not wait with them.
        ThreadPool.SetMinThreads(MinThreads, MinThreads);
        OpenFiles.KeepFromChildren();
        _ = Cgroups.ArePossible;
        return new Spawner(ChildReaper.Start(), Environment.ProcessPath!);
    }

    private static string FindBinary([CallerFilePath] string here = "")
    {
        string path = Environment.GetEnvironmentVariable("SESSIOND_BINARY") is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../out/sessiond"));
        return File.Exists(path) ? path : throw new FileNotFoundException($"there is no {path}; run `make build`, or set SESSIOND_BINARY", path);
    }
}
