using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Sessions;
using Sessiond.Daemon.Startup;
using Sessiond.Hooks;
using Sessiond.Spec;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Screens and scrollback in the state folder, so that after a restart of the container sessions are found as they were left.</summary>
/// <param name="stateFolder">The state folder; null: nothing is kept.</param>
/// <param name="sessions">All sessions.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what cannot be read.</param>
/// <param name="trouble">Told of a disk that fails.</param>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to dispose.")]
internal sealed class ScreenStore(string? stateFolder, SessionRegistry sessions, TimeProvider time, ILogger logger, StorageTrouble trouble)
{
    /// <summary>Bytes of a screen with its scrollback: a fraction of the journal's ring, which takes it in one piece.</summary>
    internal const int MaxScreen = 384 * 1024;

    /// <summary>Between two looks at who printed something: what a container that is killed without warning may lose.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    /// <summary>After a save that failed.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private const string RecordFile = "session.json";
    private const string ScreenFile = "screen";

    private readonly SemaphoreSlim _saving = new(1);
    private volatile bool _isFailing;
    private readonly Dictionary<Session, (long Offset, bool HasProgram, int Edition)> _saved = []; // under _saving; what it was when it was saved

    /// <summary>Saves now and then until the daemon stops.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        if (stateFolder is null) return;
        try
        {
            while (true)
            {
                await Task.Delay(_isFailing ? RetryInterval : Interval, time, stopping);
                await SaveAllAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The stop saves for the last time.
        }
    }

    /// <summary>Saves every session that changed since it was saved last.</summary>
    /// <param name="sideBySide">How many at a time: a disk makes many files safe in the time of one, but each holds a thread of the pool.</param>
    internal async Task SaveAllAsync(int sideBySide = 1)
    {
        if (stateFolder is null) return;
        await _saving.WaitAsync();
        try
        {
            IReadOnlyList<Session> present = sessions.All();
            foreach (Session gone in _saved.Keys.Except(present).ToArray()) _saved.Remove(gone);
            (Session Session, (long, bool, int) Now)[] changed =
            [
                .. present.Select(session => (session, (session.Journal.Written, session.HasProgram, session.Edition)))
                    .Where(item => !_saved.TryGetValue(item.session, out (long, bool, int) last) || last != item.Item2),
            ];
            string? problem = null;
            Parallel.ForEach(changed, new ParallelOptions { MaxDegreeOfParallelism = sideBySide }, item =>
            {
                bool isSaved = TrySave(item.Session, out string? ofThis);
                lock (_saved)
                {
                    if (isSaved) _saved[item.Session] = item.Now;
                    problem ??= ofThis;
                }
            });

            // Not before a look at all of them: one that had nothing new says nothing about the disk.
            _isFailing = problem is not null;
            trouble.Report("screens", problem);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>What earlier lives of the devbox left.</summary>
    internal IReadOnlyList<(SavedSession Record, byte[] Screen)> Load()
    {
        if (stateFolder is null) return [];
        var found = new List<(SavedSession, byte[])>();
        try
        {
            string root = Path.Combine(stateFolder, "screens");
            if (!Directory.Exists(root)) return [];
            foreach (string folder in Directory.EnumerateDirectories(root))
            {
                if (TryLoad(folder) is { } saved) found.Add(saved);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.StartupWarning($"saved screens cannot be read: {exception.Message}");
        }

        return found;
    }

    /// <summary>Forgets a session that was terminated or renamed.</summary>
    internal void Forget(string name)
    {
        if (stateFolder is null) return;
        try
        {
            string folder = FolderOf(name);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.StartupWarning($"the saved screen of {name} cannot be removed: {exception.Message}");
        }
    }

    private bool TrySave(Session session, out string? problem)
    {
        problem = null;
        try
        {
            (SavedSession record, byte[] screen) = session.Save();
            string folder = FolderOf(record.Name);
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            WholeFile.Replace(Path.Combine(folder, ScreenFile), screen);
            WholeFile.Replace(Path.Combine(folder, RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, SavedJsonContext.Default.SavedSession));
            // Terminated meanwhile: it must not come back from the dead.
            if (sessions.Find(record.Name) != session) Forget(record.Name);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = exception.Message;
            return false;
        }
    }

    private (SavedSession Record, byte[] Screen)? TryLoad(string folder)
    {
        try
        {
            SavedSession? record = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecordFile)), SavedJsonContext.Default.SavedSession);
            byte[] screen = File.ReadAllBytes(Path.Combine(folder, ScreenFile));
            bool isOurs = record is not null && SpecName.IsValid(record.Name) && Path.GetFileName(folder) == record.Name && screen.Length <= MaxScreen;
            return isOurs ? (record!, screen) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.StartupWarning($"{folder}: {exception.Message}");
            return null;
        }
    }

    private string FolderOf(string name) => Path.Combine(stateFolder!, "screens", name);
}
