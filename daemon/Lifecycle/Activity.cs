using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Who or what is at work: input, output, attaches, sessions that are to be kept alive, hooks, and files that programs put down.</summary>
internal sealed class Activity(SessionRegistry sessions, HookRunner hooks, TimeProvider time, string runFolder)
{
    /// <summary>Files of the tasks folder that are named; a folder full of them says no more than this.</summary>
    private const int MaxTasks = 100;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Makes the folder for tasks, for the sessions' user to write in. Without it nothing but markers is missing.</summary>
    internal void MakeFolder(DevboxSpec spec)
    {
        string folder = FolderOf(spec.Activity);
        if (Directory.Exists(folder)) return;
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (spec.Defaults.User is { } name && UserDatabase.IsRoot && UserDatabase.Find(name) is { } user) FileOwnership.Give(folder, user);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A read-only place: programs cannot say that they are busy there, and nobody is told so.
        }
    }

    internal ActivityObject Describe(ActivitySpec spec)
    {
        DateTimeOffset last = _startedAt;
        var busy = new List<string>();
        foreach (Session session in sessions.All())
        {
            DateTimeOffset at = session.LastActivity(spec.OutputCounts);
            if (at > last) last = at;
            if (session.Definition.KeepAlive && session.HasProgram) busy.Add($"session:{session.Name}");
        }

        foreach (Hook hook in hooks.Hooks)
        {
            HookStatus status = hook.Status;
            if (status.State == HookState.Running) busy.Add($"hook:{hook.Name}");
            if (status.EndedAt > last) last = status.EndedAt.Value;
        }

        busy.AddRange(Tasks(spec));
        return new ActivityObject(busy.Count > 0 ? null : last, last, busy);
    }

    private IEnumerable<string> Tasks(ActivitySpec spec)
    {
        try
        {
            string folder = FolderOf(spec);
            if (!Directory.Exists(folder)) return [];
            DateTime oldest = (time.GetUtcNow() - spec.MarkerTtl).UtcDateTime;
            return [.. new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => file.LastWriteTimeUtc > oldest)
                .Take(MaxTasks)
                .Select(file => $"task:{file.Name}")
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string FolderOf(ActivitySpec spec) => spec.TasksDir ?? Path.Combine(runFolder, "tasks");
}
