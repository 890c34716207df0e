namespace Sessiond.Hooks;

/// <summary>Remembers what ran once per storage.</summary>
public interface IOnceMarkers
{
    /// <summary>The fingerprint that a marker was set with; null when there is none.</summary>
    string? Find(string name);

    /// <summary>Sets a marker, for good: it is on disk when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    void Keep(string name, string fingerprint);
}
