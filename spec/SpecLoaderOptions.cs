namespace Sessiond.Spec;

/// <summary>What the checks of a spec need to know about the process that will use it.</summary>
public sealed record SpecLoaderOptions
{
    private readonly string? _workingFolder;

    /// <summary>The daemon's own user. Null: whether other users may be named is not checked (<c>sessiond check</c> may run anywhere).</summary>
    public string? User { get; init; }

    /// <summary>Whether the daemon is root, and so may start sessions of other users.</summary>
    public bool IsRoot { get; init; }

    /// <summary>The daemon's working folder: the workspace of a spec that names none.</summary>
    public string WorkingFolder
    {
        // Not before it is asked for: a folder that was removed has no name.
        get => _workingFolder ?? Environment.CurrentDirectory;
        init => _workingFolder = value;
    }
}
