using System.Globalization;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>A commit in short.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was made.</param>
/// <param name="Message">Its subject.</param>
public sealed record LastCommit(string Id, DateTimeOffset At, string Message)
{
    /// <summary>The tip of a ref; null: it has none yet.</summary>
    internal static async Task<LastCommit?> OfAsync(Repository repository, string name, CancellationToken cancellation)
    {
        GitResult found = await repository.TryAsync(
            new GitCommand("log", "-1", "--no-show-signature", "--format=%H%n%ct%n%s", name, "--"), cancellation);
        string[] lines = found.Text.Split('\n', 3);
        if (!found.Ok || lines.Length < 3) return null;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(lines[1], CultureInfo.InvariantCulture));
        return new LastCommit(lines[0], at, GitPath.Printable(lines[2].TrimEnd('\n')));
    }
}
