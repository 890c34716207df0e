namespace Sessiond.Hooks;

/// <summary>Remembers what ran once per storage.</summary>
public interface IOnceMarkers
{
    /// <summary>The fingerprint that a marker was set with; null when there is none.</summary>
    string? Find(string name);

    /// <summary>Sets a marker, for good: it is on disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written; it holds while the daemon lives.</exception>
    void Keep(string name, string fingerprint);

    /// <summary>Tries those once more that could not be written.</summary>
    /// <param name="problem">Why some still cannot; null: all are.</param>
    /// <returns>Those that are written now.</returns>
    IReadOnlyList<string> WriteMissed(out string? problem);
}
