using System.Text;
using System.Threading.Channels;
using Sessiond.Pty;

namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// Watches the folders of a worktree by inotify(7), but for .git and ignored ones. It is a hint: what was missed is found by the next look at <c>git status</c>.
/// </summary>
internal sealed class WorktreeWatch : IEpollHandler, IAsyncDisposable
{
    private const InotifyEvents Folder = InotifyEvents.Modified | InotifyEvents.Attributes | InotifyEvents.Written | InotifyEvents.MovedAway
        | InotifyEvents.MovedHere | InotifyEvents.Created | InotifyEvents.Deleted
        | InotifyEvents.OnlyFolders | InotifyEvents.NoLinks | InotifyEvents.NotUnlinked;

    private const InotifyEvents GitFolder = InotifyEvents.MovedHere | InotifyEvents.Created | InotifyEvents.Deleted | InotifyEvents.OnlyFolders;

    /// <summary>What the user's git writes at the top of the git folder when it did something that matters here.</summary>
    private static readonly HashSet<string> GitFiles =
        ["HEAD", "index", "index.lock", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG", "rebase-merge", "rebase-apply", "sequencer"];

    private static readonly GitPath OfGit = new("\0git");

    private readonly Repository _repository;
    private readonly SaveScope _scope;
    private readonly IWorktreeObserver _observer;
    private readonly EpollLoop _loop;
    private readonly Inotify _inotify = new();
    private readonly WatchTable _table = new();
    private readonly IgnoredFolders _ignored;
    private readonly Channel<GitPath> _newFolders = Channel.CreateUnbounded<GitPath>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private EpollToken _token;
    private Task _following = Task.CompletedTask;

    private WorktreeWatch(Repository repository, SaveScope scope, IWorktreeObserver observer, EpollLoop loop)
    {
        _repository = repository;
        _scope = scope;
        _observer = observer;
        _loop = loop;
        _ignored = new IgnoredFolders(repository);
    }

    /// <summary>Why not everything is watched; null: everything is.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Folders that are watched.</summary>
    internal int Count => _table.Count;

    /// <summary>Watches a worktree; complete, or with a <see cref="Problem"/>, when the task ends.</summary>
    /// <exception cref="GitException">Git does not say what is ignored.</exception>
    /// <exception cref="OsException">There is no inotify instance left.</exception>
    internal static async Task<WorktreeWatch> StartAsync(
        Repository repository, SaveScope scope, IWorktreeObserver observer, EpollLoop loop, CancellationToken cancellation)
    {
        var watch = new WorktreeWatch(repository, scope, observer, loop);
        try
        {
            await loop.InvokeAsync(() => watch._token = loop.Register(watch._inotify.Fd, EpollEvents.Readable, watch));
            watch.TryAdd(OfGit, repository.GitFolder, GitFolder);
            HashSet<GitPath> ignored = await watch._ignored.AllAsync(scope, cancellation);
            IReadOnlyList<GitPath> folders = scope.Folders.Count == 0 ? [new GitPath("")] : [.. scope.Folders.Select(watch.FolderToWatch).Distinct()];
            await Task.Run(() => watch.AddLevelsAsync(folders, level => Task.FromResult<HashSet<GitPath>>([.. level.Where(ignored.Contains)])), cancellation);
            watch._following = watch.FollowNewFoldersAsync();
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        while (_inotify.Read(OnEvent))
        {
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _newFolders.Writer.TryComplete();
        await _following;
        await _loop.InvokeAsync(() => _loop.Unregister(_token));
        _inotify.Dispose();
        _stop.Dispose();
    }

    /// <summary>A single file is watched by the folder it is in.</summary>
    private GitPath FolderToWatch(string path)
    {
        if (Directory.Exists(Path.Combine(_repository.Root, path))) return GitPath.Of(path);
        return GitPath.Of(Path.GetDirectoryName(path) ?? "");
    }

    private void OnEvent(int watch, InotifyEvents events, string name)
    {
        if (events.HasFlag(InotifyEvents.Overflow))
        {
            _observer.WatchAnew("the queue of inotify overflowed");
            return;
        }

        if (_table.FolderOf(watch) is not { } folder) return;
        if (events.HasFlag(InotifyEvents.Ignored))
        {
            _table.Forget(watch);
        }
        else if (folder == OfGit)
        {
            if (GitFiles.Contains(name)) _observer.GitChanged();
        }
        else if (name != ".git")
        {
            OnFileEvent(new GitPath(folder.Raw.Length == 0 ? name : $"{folder.Raw}/{name}"), events);
        }
    }

    private void OnFileEvent(GitPath path, InotifyEvents events)
    {
        if (events.HasFlag(InotifyEvents.IsFolder))
        {
            if (events.HasFlag(InotifyEvents.MovedAway))
            {
                foreach (int watch in _table.TakeBelow(path)) _inotify.Remove(watch);
            }
            else if ((events & (InotifyEvents.Created | InotifyEvents.MovedHere)) != 0)
            {
                _newFolders.Writer.TryWrite(path);
            }
        }

        _observer.WorktreeChanged();
        if (path.Name == ".gitignore") _observer.WatchAnew(null);
    }

    private async Task FollowNewFoldersAsync()
    {
        try
        {
            while (await _newFolders.Reader.WaitToReadAsync(_stop.Token))
            {
                var batch = new List<GitPath>();
                while (_newFolders.Reader.TryRead(out GitPath folder)) batch.Add(folder);
                HashSet<GitPath> ignored = await _ignored.AmongAsync(batch, _stop.Token);
                await AddLevelsAsync([.. batch.Where(folder => !ignored.Contains(folder) && !HasGit(folder))], level => _ignored.AmongAsync(level, _stop.Token));
                // What was put into them before they were watched.
                _observer.WorktreeChanged();
                if (Problem is { } problem) _observer.WatchAnew(problem);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (GitException)
        {
            _observer.WatchAnew(null);
        }
    }

    /// <summary>Adds folders and all below them, level by level: each is watched before it is listed, so that nothing is made in between unseen.</summary>
    private async Task AddLevelsAsync(IReadOnlyList<GitPath> folders, Func<IReadOnlyList<GitPath>, Task<HashSet<GitPath>>> ignoredAmong)
    {
        while (folders.Count > 0 && Problem is null)
        {
            var below = new List<GitPath>();
            foreach (GitPath folder in folders)
            {
                string path = Path.Combine(_repository.Root, folder.Text);
                if (!TryAdd(folder, path, Folder)) break;
                below.AddRange(FoldersIn(folder, path));
            }

            HashSet<GitPath> ignored = below.Count == 0 ? [] : await ignoredAmong(below);
            folders = [.. below.Where(folder => !ignored.Contains(folder))];
        }
    }

    private List<GitPath> FoldersIn(GitPath folder, string path)
    {
        var found = new List<GitPath>();
        try
        {
            foreach (DirectoryInfo below in new DirectoryInfo(path).EnumerateDirectories())
            {
                if (below.Name == ".git" || below.Attributes.HasFlag(FileAttributes.ReparsePoint)) continue;
                if (below.Name.Contains('\uFFFD')) Problem = "a folder's name is not UTF-8";
                GitPath child = GitPath.Of(folder.Raw.Length == 0 ? below.Name : $"{folder.Text}/{below.Name}");
                if (!HasGit(child)) found.Add(child);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It went away, or it is closed to us: then it is closed to git as well, which will say so.
        }

        return found;
    }

    /// <summary>A repository of its own, or a submodule: not saved from here.</summary>
    private bool HasGit(GitPath folder) => Path.Exists(Path.Combine(_repository.Root, folder.Text, ".git"));

    /// <summary>Adds one; false when no further one can be added. A folder that went away is no problem.</summary>
    private bool TryAdd(GitPath folder, string path, InotifyEvents events)
    {
        int watch = _inotify.TryAdd(Encoding.UTF8.GetBytes(path), events, out bool isExhausted);
        if (isExhausted) Problem = $"inotify watches ran out after {_table.Count} folders (fs.inotify.max_user_watches)";
        if (watch >= 0) _table.Add(watch, folder);
        return !isExhausted;
    }
}
