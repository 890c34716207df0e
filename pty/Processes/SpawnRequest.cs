namespace Sessiond.Pty;

/// <summary>What to execute, and how.</summary>
public sealed record SpawnRequest
{
    /// <summary>Program and arguments. A program without a slash is looked up in the PATH of <see cref="Environment"/>.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>argv[0] as the program sees it, where it differs: a login shell's begins with a hyphen.</summary>
    public string? Argv0 { get; init; }

    /// <summary>The whole environment: nothing of the caller's is added.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Working folder.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Path of the pty slave that becomes standard input, output and error and the controlling terminal; null: see <see cref="Output"/>.</summary>
    public string? SlavePath { get; init; }

    /// <summary>Standard output and error where there is no pty; null: /dev/null.</summary>
    public SafeFd? Output { get; init; }

    /// <summary>Standard input where there is no pty; null: /dev/null.</summary>
    public SafeFd? Input { get; init; }

    /// <summary>Standard error where there is no pty; null: the same as <see cref="Output"/>.</summary>
    public SafeFd? Error { get; init; }

    /// <summary>Width of the pty that the holder opens for it, in cells; 0: no pty.</summary>
    public int Columns { get; init; }

    /// <summary>Height of that pty.</summary>
    public int Rows { get; init; }

    /// <summary>The group that a pty slave of another user is given to, usually <c>tty</c>; null: the user's own.</summary>
    public uint? TerminalGroup { get; init; }

    /// <summary>True for a program that shares our own standard input, output and error.</summary>
    public bool KeepStandardStreams { get; init; }

    /// <summary>What the program finds as descriptor 3; null: nothing. Not with another user.</summary>
    public SafeFd? Descriptor3 { get; init; }

    /// <summary>The program's soft limit of open files; null: ours.</summary>
    public long? FileLimit { get; init; }

    /// <summary>Folder of the cgroup that the program is in from its first instruction on; null: ours.</summary>
    public string? CgroupFolder { get; init; }

    /// <summary>The user to become; null: stay who we are.</summary>
    public UserIdentity? User { get; init; }
}
