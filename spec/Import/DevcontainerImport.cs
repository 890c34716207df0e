using Sessiond.Spec.Keys;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Import;

/// <summary>What of a devcontainer.json concerns a running devbox, as a layer of the spec.</summary>
/// <remarks>Lifecycle commands, <c>waitFor</c>, <c>remoteEnv</c> and <c>forwardPorts</c>; how the container is built is over by now.</remarks>
internal static class DevcontainerImport
{
    /// <summary>Where the file may be, below the workspace; the first that exists counts.</summary>
    public static readonly string[] Places = [".devcontainer/devcontainer.json", ".devcontainer.json"];

    /// <summary>Variables of devcontainer.json that have another name here. The container is the machine we are on.</summary>
    private static readonly (string Theirs, string Ours)[] Variables =
    [
        ("${containerEnv:", "${env:"),
        ("${localEnv:", "${env:"),
        ("${containerWorkspaceFolder}", "${workspace}"),
        ("${localWorkspaceFolder}", "${workspace}"),
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="fail">Takes what is wrong.</param>
    /// <param name="forwardPorts">Its <c>forwardPorts</c>, for which a spec has no key.</param>
    public static TomlTable? Read(byte[] utf8, string file, Action<SourcePosition, string> fail, out TomlArray? forwardPorts)
    {
        forwardPorts = null;
        TomlTable? document = JsonSource.Read(utf8, file, fail);
        if (document is null) return null;
        var layer = new TomlTable(document.Position, TomlTableOrigin.Header, depth: 0);
        var hooks = new TomlTable(document.Position, TomlTableOrigin.Header, depth: 1);
        string[] taken = [.. HookKeys.Events.Select(e => e.Devcontainer).OfType<string>(), "waitFor"];
        foreach (string key in taken)
        {
            // null says as little as an absent key.
            if (document.TryGet(key, out TomlEntry entry) && entry.Value is not JsonNull) hooks.Set(entry);
        }

        // That command ran before there was a container, so nothing is left to wait for.
        if (hooks.TryGet("waitFor", out TomlString? waitFor) && waitFor.Value == "initializeCommand") hooks.Remove("waitFor");
        layer.Set(new TomlEntry("hooks", document.Position, hooks));
        if (document.TryGet("remoteEnv", out TomlEntry remote)) layer.Set(remote with { Key = "env", Value = Environment(remote.Value) });
        document.TryGet("forwardPorts", out forwardPorts);
        return layer;
    }

    private static TomlValue Environment(TomlValue value)
    {
        if (value is not TomlTable given) return value;
        var environment = new TomlTable(given.Position, TomlTableOrigin.Inline, depth: 1);
        foreach (TomlEntry entry in given.Entries) environment.Set(entry with { Value = Variable(entry.Value) });
        return environment;
    }

    private static TomlValue Variable(TomlValue value)
    {
        switch (value)
        {
            case JsonNull:
                var removed = new TomlTable(value.Position, TomlTableOrigin.Inline, depth: 2);
                removed.Set(new TomlEntry("unset", value.Position, new TomlBoolean(value.Position, true)));
                return removed;
            case TomlString text:
                return new TomlString(text.Position, Variables.Aggregate(text.Value, (result, name) => result.Replace(name.Theirs, name.Ours, StringComparison.Ordinal)));
            default:
                return value;
        }
    }
}
