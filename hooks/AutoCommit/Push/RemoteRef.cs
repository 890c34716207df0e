namespace Sessiond.Hooks.AutoCommit;

/// <summary>What is pushed, and to where.</summary>
/// <param name="Remote">Name or URL of the remote.</param>
/// <param name="Local">The local ref: full name.</param>
/// <param name="Name">The ref on the remote: the same name, whatever the branch was made from.</param>
/// <param name="Tracking">Where this repository remembers what the remote has.</param>
internal sealed record RemoteRef(string Remote, string Local, string Name, string Tracking)
{
    private const string Heads = "refs/heads/";

    /// <summary>The remote side of a local ref; null: there is no such remote.</summary>
    internal static async Task<RemoteRef?> OfAsync(Repository repository, string remote, string local, CancellationToken cancellation)
    {
        bool isNamed = await repository.ConfigAsync($"remote.{remote}.url", cancellation) is not null;
        if (!isNamed && !remote.Contains('/') && !remote.Contains(':')) return null;
        string tracking = isNamed && local.StartsWith(Heads, StringComparison.Ordinal)
            ? $"refs/remotes/{remote}/{local[Heads.Length..]}"
            : $"refs/sessiond/remote/{local["refs/".Length..]}";
        return new RemoteRef(remote, local, local, tracking);
    }
}
