namespace Sessiond.Pty.Tests;

/// <summary>Cgroups by themselves: events, killing, and the way in and out. Alone, since this process may open few files while it starts a program that may.</summary>
[CollectionDefinition(nameof(CgroupTests), DisableParallelization = true)]
[Collection(nameof(CgroupTests))]
public sealed class CgroupTests : IAsyncDisposable
{
    /// <summary>Less than this process has open, and as much as a small program needs.</summary>
    private const int FewFiles = 8;

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
        Assert.Null(CgroupDoor.TryEnter(_cgroup.Folder));
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

    /// <summary>We have more open than a program may have; that is no reason to leave it outside.</summary>
    [Fact]
    public void A_program_that_may_open_few_files_begins_in_its_cgroup_too()
    {
        ChildProcess child = ChildRun.Spawner.Spawn(Request("sleep", "1019") with { FileLimit = FewFiles });
        Assert.Equal([child.Pid], _cgroup.Pids());
        Assert.Contains($"Max open files            {FewFiles} ", File.ReadAllText($"/proc/{child.Pid}/limits"), StringComparison.Ordinal);
        child.Signal(SignalNames.Kill);
        child.WaitAndReap();
        child.Dispose();
    }

    [Fact]
    public void Another_users_program_may_open_few_files_too()
    {
        SpawnRequest request = Request("true") with { FileLimit = FewFiles, User = new UserIdentity("", 54321, 54321, [54321], "", "") };
        using ProgramStart start = ProgramStart.Begin(request, "/bin/true");
        start.Wait();
        Assert.True(start.TryFinish(out _, out _));
    }

    /// <summary>An empty cgroup below may be another's who has yet to go there.</summary>
    [Fact]
    public void Nothing_below_a_cgroup_with_processes_is_removed()
    {
        string below = Directory.CreateDirectory(Path.Combine(_cgroup.Folder, "below")).FullName;
        ChildProcess child = ChildRun.Spawner.Spawn(Request("sleep", "1020"));
        Assert.False(_cgroup.TryRemove());
        Assert.True(Directory.Exists(below));
        child.Signal(SignalNames.Kill);
        child.WaitAndReap();
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
    };
}
