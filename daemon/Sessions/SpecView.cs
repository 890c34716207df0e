using Sessiond.Spec;

namespace Sessiond.Daemon.Sessions;

/// <summary>What counts for a process, by whose it is.</summary>
/// <param name="Spec">The whole spec, or what the image and the platform say of it.</param>
/// <param name="Inherited">The environment that it begins with.</param>
/// <param name="Workspace">Where commands run; absolute.</param>
internal sealed record SpecView(DevboxSpec Spec, IReadOnlyDictionary<string, string> Inherited, string Workspace)
{
    /// <summary>A view of a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="inherited">The environment that processes begin with.</param>
    /// <param name="workingFolder">Workspace of a spec that names none.</param>
    internal static SpecView Of(DevboxSpec spec, IReadOnlyDictionary<string, string> inherited, string workingFolder) =>
        new(spec, inherited, spec.Workspace is { } folder ? new Expansion(workingFolder, null, inherited.GetValueOrDefault).Expand(folder) : workingFolder);

    /// <summary>A folder of the workspace, absolute; null: <c>app_dir</c>.</summary>
    internal string Folder(string? cwd) => Path.GetFullPath(Path.Combine(Workspace, cwd ?? Spec.AppDir));

    /// <summary>What <c>${…}</c> stands for.</summary>
    /// <param name="port">The session's, where it has one.</param>
    /// <param name="workspace">Its own workspace; null: the devbox's.</param>
    internal Expansion Expansion(int? port, string? workspace = null) => new(workspace ?? Workspace, port, name => Inherited.GetValueOrDefault(name));
}
