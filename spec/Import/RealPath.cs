namespace Sessiond.Spec.Import;

/// <summary>Where a path leads when its symbolic links are followed.</summary>
internal static class RealPath
{
    /// <summary>Links followed, as the kernel limits them (path_resolution(7)).</summary>
    private const int MaxLinks = 40;

    /// <summary>Whether a path leads to a place below a folder. Parts that do not exist are taken as they are.</summary>
    public static bool IsBelow(string path, string folder) =>
        Resolve(path) is { } real && Resolve(folder) is { } root && IsBelowByName(real, root);

    /// <summary>Whether a path without links and dots is below a folder of that kind.</summary>
    public static bool IsBelowByName(string path, string folder) =>
        path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string? Resolve(string path)
    {
        var rest = new Stack<string>(PartsFromTheEnd(Path.GetFullPath(path)));
        string resolved = "/";
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            string next = Path.Combine(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks) return null;
            foreach (string linked in PartsFromTheEnd(Path.GetFullPath(target, resolved))) rest.Push(linked);
            resolved = "/";
        }

        return resolved;
    }

    private static IEnumerable<string> PartsFromTheEnd(string path) =>
        Enumerable.Reverse(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}
