using System.Text.Json;
using Sessiond.Hooks;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.AutoCommit;

/// <summary>
/// What was switched at run time, beside the socket: a daemon that comes back after a crash must not push what somebody has turned off; a new container begins with the spec.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class AutoCommitStateFile(string path)
{
    private readonly Lock _gate = new(); // one writer at a time

    /// <summary>What was kept, by session; the devbox's own has the empty name.</summary>
    internal Dictionary<string, PatchAutoCommit> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiJsonContext.Default.DictionaryStringPatchAutoCommit) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Nothing was switched, or nobody can know.
            return [];
        }
    }

    internal void Write(Dictionary<string, PatchAutoCommit> switched)
    {
        lock (_gate) WholeFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(switched, ApiJsonContext.Default.DictionaryStringPatchAutoCommit));
    }

    /// <summary>Forgets it all.</summary>
    internal void Delete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What could be neither written nor deleted holds what it always held.
        }
    }
}
