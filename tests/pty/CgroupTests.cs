namespace Sessiond.Pty.Tests;

/// <summary>Cgroups by themselves: events, killing, and the way in and out.</summary>
public sealed class CgroupTests : IAsyncDisposable
{
    private readonly EpollLoop _loop = new("test", static _ => { });
    private readonly string _own;
    private readonly Cgroup _cgroup;

    public CgroupTests()
    {
        string? own = CgroupMount.Own(out string reason);
        Assert.SkipWhen(own is null, reason);
        _own = own!;
        _cgroup = new Cgroup(Path.Combine(_own, $"test-{Guid.NewGuid():N}"), _loop);
        string? problem = CgroupMount.Try(_own, _cgroup.Folder);
        Assert.SkipUnless(problem is null, $"cgroups cannot be made here: {problem}");
        Directory.CreateDirectory(_cgroup.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cgroup is not null)
        {
            _cgroup.Thaw();
            _cgroup.TryKill();
            Assert.True(await _cgroup.IsEmptyWithinAsync(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None));
            Assert.True(_cgroup.TryRemove());
        }

        _loop.Dispose();
    }

    [Fact]
    public async Task A_program_begins_in_its_cgroup_is_frozen_and_killed_and_its_end_is_an_event()
    {
        ChildProcess child = ChildRun.Spawner.Spawn(Request("sleep", "1018"));
        Assert.Equal([child.Pid], _cgroup.Pids());
        Assert.DoesNotContain(Environment.ProcessId, _cgroup.Pids());
        Assert.True(await _cgroup.FreezeAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Task<bool> empty = _cgroup.IsEmptyWithinAsync(TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        Assert.False(_cgroup.TryRemove());
        Assert.True(_cgroup.TryKill());
        Assert.True(await empty);
        Assert.Equal(SignalNames.Kill, child.WaitAndReap().Signal);
        child.Dispose();
    }

    /// <summary>Whoever goes into a frozen cgroup stands still for ever.</summary>
    [Fact]
    public async Task Nobody_goes_into_a_frozen_cgroup_and_the_program_runs_all_the_same()
    {
        Assert.True(await _cgroup.FreezeAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Assert.Null(CgroupDoor.TryEnter(_cgroup.Folder, _own));
        ChildProcess child = ChildRun.Spawner.Spawn(Request("true"));
        Assert.Equal(0, child.WaitAndReap().Code);
        child.Dispose();
        Assert.Empty(_cgroup.Pids());
    }

    [Fact]
    public void A_cgroup_that_is_gone_keeps_no_program_from_running()
    {
        ChildProcess child = ChildRun.Spawner.Spawn(Request("true") with { CgroupFolder = _cgroup.Folder + "-gone" });
        Assert.Equal(0, child.WaitAndReap().Code);
        child.Dispose();
    }

    [Fact]
    public void A_folder_has_one_owner_at_a_time()
    {
        SafeFd? first = FolderLock.TryTake(_cgroup.Folder);
        Assert.NotNull(first);
        using SafeFd duplicate = first.Duplicate();
        first.Dispose();
        Assert.Null(FolderLock.TryTake(_cgroup.Folder));
        duplicate.Dispose();
        using SafeFd? second = FolderLock.TryTake(_cgroup.Folder);
        Assert.NotNull(second);
    }

    private SpawnRequest Request(params string[] argv) => new()
    {
        Argv = argv,
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        WorkingFolder = "/",
        CgroupFolder = _cgroup.Folder,
        CgroupHome = _own,
    };
}
