namespace Sessiond.E2e.Tests.Harness;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private bool _released;

    internal string Path { get; } = Directory.CreateTempSubdirectory("sessiond-e2e-").FullName;

    /// <summary>Leaves the folder to somebody else, who deletes it.</summary>
    internal string Release()
    {
        _released = true;
        return Path;
    }

    public void Dispose()
    {
        if (!_released) Directory.Delete(Path, recursive: true);
    }
}
