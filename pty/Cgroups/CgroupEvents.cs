using System.Text;

namespace Sessiond.Pty;

/// <summary>Waits for a line of cgroup.events: the kernel makes the file's descriptor ready (EPOLLPRI) when it has changed since it was read.</summary>
internal sealed class CgroupEvents : IEpollHandler
{
    /// <summary>Bytes of the file: two short lines today, and room for more.</summary>
    private const int MaxLength = 512;

    private readonly SafeFd _fd;
    private readonly string _line;
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CgroupEvents(SafeFd fd, string line)
    {
        _fd = fd;
        _line = line;
    }

    /// <summary>True as soon as the file has the line, or is gone with its cgroup.</summary>
    internal static async Task<bool> SayWithinAsync(
        string folder, string line, EpollLoop loop, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        int number = Libc.Open(Path.Combine(folder, "cgroup.events"), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (number < 0) return true;
        using var fd = new SafeFd(number);
        var events = new CgroupEvents(fd, line);
        if (events.Says()) return true;
        if (limit <= TimeSpan.Zero) return false;
        EpollToken token = default;
        await loop.InvokeAsync(() => token = loop.Register(fd, EpollEvents.Priority, events));
        try
        {
            await events._said.Task.WaitAsync(limit, time, cancellation);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return events.Says();
        }
        finally
        {
            await loop.InvokeAsync(() => loop.Unregister(token));
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if (Says()) _said.TrySetResult();
    }

    private unsafe bool Says()
    {
        byte* buffer = stackalloc byte[MaxLength];
        nint count = Libc.ReadAt(_fd.Value, buffer, MaxLength, 0);
        // A cgroup that was removed answers ENODEV.
        return count < 0 || Encoding.ASCII.GetString(buffer, (int)count).Split('\n').Contains(_line);
    }
}
