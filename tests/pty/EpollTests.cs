using System.Runtime.InteropServices;

namespace Sessiond.Pty.Tests;

public sealed class EpollTests
{
    [Theory]
    [InlineData(Architecture.X64, 12)]
    [InlineData(Architecture.Arm64, 16)]
    public void An_epoll_event_is_packed_on_x64_only(Architecture architecture, int stride) =>
        Assert.Equal(stride, EpollEventBuffer.StrideOf(architecture));

    [Fact]
    public void A_late_event_of_an_earlier_registration_finds_nobody()
    {
        using PtyMaster first = PtyMaster.Open(80, 24);
        using PtyMaster second = PtyMaster.Open(80, 24);
        var table = new RegistrationTable();
        EpollToken old = table.Add(first.Fd, new Silent());
        table.Remove(old);
        EpollToken current = table.Add(second.Fd, new Silent());
        Assert.Equal(old.Slot, current.Slot);
        Assert.Null(table.HandlerOf(old));
        Assert.NotNull(table.HandlerOf(current));
    }

    [Fact]
    public async Task An_exception_does_not_end_the_loop()
    {
        var faults = new List<Exception>();
        using var loop = new EpollLoop("test", faults.Add);
        loop.Post(() => throw new InvalidOperationException("first"));
        await loop.InvokeAsync(() => { });
        Assert.Equal("first", Assert.Single(faults).Message);
    }

    [Fact]
    public async Task Timers_run_in_the_order_of_their_times()
    {
        using var loop = new EpollLoop("test", _ => { });
        var order = new List<int>();
        var done = new TaskCompletionSource();
        loop.Post(() =>
        {
            loop.Schedule(40, () =>
            {
                order.Add(2);
                done.SetResult();
            });
            loop.Schedule(1, () => order.Add(1));
        });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public async Task A_timer_that_is_always_due_keeps_nobody_else_waiting()
    {
        using var loop = new EpollLoop("test", _ => { });
        bool isOver = false;
        void Again()
        {
            if (!isOver) loop.Schedule(0, Again);
        }

        loop.Post(Again);
        for (int i = 0; i < 3; i++) await loop.InvokeAsync(() => { }).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await loop.InvokeAsync(() => isOver = true).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private sealed class Silent : IEpollHandler
    {
        public void OnReady(EpollEvents events)
        {
        }
    }
}
