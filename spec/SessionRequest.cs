using Sessiond.Spec.Decoding;
using Sessiond.Spec.Import;
using Sessiond.Spec.Keys;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec;

/// <summary>The keys of a session that a request by JSON may give as the spec does: the same names, values and checks.</summary>
public static class SessionRequest
{
    /// <summary>Keys whose JSON is the spec's. The others of a request (size, env, …) have a form of their own.</summary>
    private static readonly HashSet<string> Keys =
    [
        "type", "restart", "ready", "live", "keep_alive", "needs", "before", "init", "workspace", "on_exit", "stop_signal", "stop_timeout",
        "scrollback_bytes", "start", "primary", "auto_commit",
    ];

    /// <summary>Reads them out of a request.</summary>
    /// <param name="json">The request's body, an object.</param>
    /// <param name="name">The session's name.</param>
    /// <param name="problem">What is wrong; null: nothing.</param>
    /// <returns>A session with these keys, and defaults for the rest.</returns>
    public static SessionSpec Read(byte[] json, string name, out string? problem)
    {
        var reading = new Reading();
        var known = new TomlTable(default, TomlTableOrigin.Header, depth: 1);
        TomlTable? body = JsonSource.Read(json, "request", (position, message) => reading.Fail(position, message));
        foreach (TomlEntry entry in body?.Entries ?? [])
        {
            // Keys of newer clients are ignored, and null says as little as an absent key.
            if (Keys.Contains(entry.Key) && entry.Value is not JsonNull) known.Set(entry);
        }

        known.Set(new TomlEntry("name", default, new TomlString(default, name)));
        SessionSpec session = SessionKeys.Session.Read(known, new SessionSpec { Name = name }, reading);
        problem = reading.Errors.Count == 0 ? null : string.Join("; ", reading.Errors.Select(error => error.Message));
        return session;
    }
}
