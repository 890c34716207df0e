using Sessiond.Daemon.Access;

namespace Sessiond.Daemon.Endpoint;

/// <summary>One row of the route table.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with at most one <c>{name}</c> segment.</param>
/// <param name="Scope">What the caller must be allowed.</param>
/// <param name="Handle">Answers.</param>
internal sealed record Route(string Method, string Path, Scope Scope, Func<Exchange, Task> Handle)
{
    /// <summary>Tells a stranger by another way than a status that it is one; false: that is not due. Null: a status it is.</summary>
    internal Func<Microsoft.AspNetCore.Http.HttpContext, Task<bool>>? TellStranger { get; init; }

    private readonly string[] _segments = Path.Split('/');

    /// <summary>True when a path is this route's; gives what stands for <c>{name}</c>.</summary>
    internal bool Matches(string[] segments, out string name)
    {
        name = "";
        if (segments.Length != _segments.Length) return false;
        for (int i = 0; i < segments.Length; i++)
        {
            if (_segments[i] == "{name}") name = segments[i];
            else if (!string.Equals(segments[i], _segments[i], StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
