using System.Collections;

namespace Sessiond.Pty;

/// <summary>The environment that this process was given.</summary>
public static class OwnEnvironment
{
    /// <summary>All of it, the caller's to change.</summary>
    public static Dictionary<string, string> Read() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string)(entry.Value ?? ""));
}
