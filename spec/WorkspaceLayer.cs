using Sessiond.Spec.Decoding;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>Takes out of a layer from the workspace what only the image and the platform may say.</summary>
/// <remarks>Whoever can write into the repository must not get another user's processes, or the daemon's own rights, by a spec in it.</remarks>
internal sealed class WorkspaceLayer
{
    private static readonly string[] Reserved = ["daemon", "secret_provider"];

    private readonly Reading _reading;
    private readonly TomlTable _below;
    private readonly HashSet<string> _users;

    /// <summary>Rules for a layer.</summary>
    /// <param name="below">The layers below it.</param>
    /// <param name="image">The image's own layers, which say whom a workspace may name.</param>
    /// <param name="ownUser">The daemon's user, where known.</param>
    /// <param name="reading">Where errors go.</param>
    public WorkspaceLayer(TomlTable below, DevboxSpec image, string? ownUser, Reading reading)
    {
        _reading = reading;
        _below = below;
        _users = UsersOf(image, ownUser);
    }

    /// <summary>The users whom a workspace may name.</summary>
    /// <param name="image">What the image and the platform say.</param>
    /// <param name="ownUser">The daemon's user, where known.</param>
    public static HashSet<string> UsersOf(DevboxSpec image, string? ownUser)
    {
        var users = new HashSet<string>(image.Daemon.RunAs, StringComparer.Ordinal);
        if ((image.Defaults.User ?? ownUser) is { } user) users.Add(user);
        return users;
    }

    /// <summary>Removes what is not allowed and reports it.</summary>
    public void Restrict(TomlTable layer)
    {
        foreach (string key in Reserved)
        {
            if (!layer.TryGet(key, out TomlEntry entry)) continue;
            _reading.Fail(entry.KeyPosition, $"[{key}] may only be set by the image and the platform, not in a workspace");
            layer.Remove(key);
        }

        if (layer.TryGet("defaults", out TomlTable? defaults) && !MayName(defaults)) defaults.Remove("user");
        RestrictNamed(layer, "sessions");
        RestrictNamed(layer, "hook");
    }

    private void RestrictNamed(TomlTable layer, string key)
    {
        if (!layer.TryGet(key, out TomlArray? array)) return;
        _below.TryGet(key, out TomlArray? below);
        var foreign = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (TomlTable table in (below?.Items ?? []).OfType<TomlTable>())
        {
            if (LayerMerge.NameOf(table) is { } name && UserOf(table) is { } user && !_users.Contains(user)) foreign[name] = user;
        }

        array.Items.RemoveAll(item => item is TomlTable table && !MayAdd(table, foreign, key));
    }

    private bool MayAdd(TomlTable table, Dictionary<string, string> foreign, string key)
    {
        string? name = LayerMerge.NameOf(table);
        if (name is not null && foreign.TryGetValue(name, out string? user))
        {
            _reading.Fail(table.PositionOf("name"), $"\"{name}\" runs as {user}; a workspace may not change it");
            return false;
        }

        if (MayName(table)) return true;
        if (key == "sessions" && name is not null && SpecName.IsValid(name)) _reading.BrokenSessions.TryAdd(name, _reading.Errors[^1].ToString());
        return false;
    }

    private bool MayName(TomlTable table)
    {
        if (UserOf(table) is not { } user || _users.Contains(user)) return true;
        _reading.Fail(table.PositionOf("user"), $"the user \"{SpecText.Printable(user)}\" is not one that a workspace may name (daemon.run_as)");
        return false;
    }

    private static string? UserOf(TomlTable table) => table.TryGet("user", out TomlString? user) ? user.Value : null;
}
