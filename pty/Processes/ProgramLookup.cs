namespace Sessiond.Pty;

/// <summary>Finds a program as execvp(3) does, but in the PATH of the environment that it will get.</summary>
internal static class ProgramLookup
{
    /// <summary>What glibc searches when there is no PATH, confstr(_CS_PATH).</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    private const int X_OK = 1;

    /// <summary>The path to execute.</summary>
    /// <exception cref="SpawnException">Nothing there, or nothing that may be executed.</exception>
    internal static string Resolve(string program, IReadOnlyDictionary<string, string> environment, string workingFolder)
    {
        if (program.Length == 0) throw new SpawnException("the command is empty: no such file", Errno.ENOENT);
        if (program.Contains('/')) return CheckPath(program, Path.Combine(workingFolder, program));
        bool denied = false;
        foreach (string folder in environment.GetValueOrDefault("PATH", DefaultPath).Split(':'))
        {
            string candidate = Path.Combine(workingFolder, folder, program);
            if (!File.Exists(candidate)) continue;
            if (Libc.Access(candidate, X_OK) == 0) return candidate;
            denied = true;
        }

        if (denied) throw new SpawnException($"{program}: permission denied", Errno.EACCES);
        throw new SpawnException($"{program}: no such file in PATH", Errno.ENOENT);
    }

    private static string CheckPath(string program, string path)
    {
        if (Directory.Exists(path)) throw new SpawnException($"{program}: permission denied (it is a folder)", Errno.EACCES);
        if (!File.Exists(path)) throw new SpawnException($"{program}: no such file", Errno.ENOENT);
        if (Libc.Access(path, X_OK) != 0) throw new SpawnException($"{program}: permission denied", Errno.EACCES);
        return path;
    }
}
