using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>How much may be unacknowledged: little for a slow client, much for a quick one, and never too little for its way of acknowledging.</summary>
public sealed class AckWindowTests
{
    private readonly TestTime _time = new();
    private long _sent;

    /// <summary>At 1 MB/s 50 ms, half of what a prompt may take.</summary>
    [Fact]
    public void What_is_on_its_way_to_a_slow_client_is_soon_little()
    {
        var window = new AckWindow(_time);
        Assert.InRange(Run(window, bytesPerSecond: 1e6, way: 0.001, seconds: 3), 0, 50_000);
    }

    [Fact]
    public void A_quick_client_has_all_of_the_window()
    {
        var window = new AckWindow(_time);
        Assert.Equal(AckWindow.Most, Run(window, bytesPerSecond: 50e6, way: 0.0005, seconds: 1));
    }

    /// <summary>A long way is not a slow client: 10 MB/s over 50 ms need more than the window.</summary>
    [Fact]
    public void A_long_way_has_all_of_the_window()
    {
        var window = new AckWindow(_time);
        Assert.Equal(AckWindow.Most, Run(window, bytesPerSecond: 10e6, way: 0.05, seconds: 3));
    }

    [Fact]
    public void Whoever_becomes_quick_again_gets_the_window_back()
    {
        var window = new AckWindow(_time);
        Run(window, bytesPerSecond: 1e6, way: 0.001, seconds: 3);
        Assert.Equal(AckWindow.Most, Run(window, bytesPerSecond: 50e6, way: 0.001, seconds: 3));
    }

    /// <summary>A client that acknowledges every 60 KB would wait for ever below a smaller window.</summary>
    [Fact]
    public void Large_steps_keep_the_window_larger_than_a_step()
    {
        var window = new AckWindow(_time);
        Assert.InRange(Run(window, bytesPerSecond: 1e6, way: 0.001, seconds: 5, step: 60_000), 120_000, AckWindow.Most);
    }

    /// <summary>A person types for a while: the command line acknowledges echoes only when there are a thousand bytes of them.</summary>
    [Fact]
    public void Echoes_that_are_acknowledged_late_tell_nothing_of_the_pace()
    {
        AckWindow window = WithQuickSnapshot(out long position);
        for (int i = 0; i < 40; i++)
        {
            window.OnSent(position += 25);
            _time.Advance(TimeSpan.FromMilliseconds(125));
        }

        window.OnAck(position, 40 * 25, position);
        Assert.Equal(AckWindow.Most, window.Size);
    }

    /// <summary>What was typed a minute ago is still unacknowledged when a flood begins, whose first acknowledgement covers it as well.</summary>
    [Fact]
    public void An_old_echo_does_not_make_a_flood_look_slow()
    {
        const int Message = 3 * 1024;
        AckWindow window = WithQuickSnapshot(out long position);
        long acknowledged = position;
        for (int i = 0; i < 40; i++) window.OnSent(position += 25);
        _time.Advance(TimeSpan.FromMinutes(1));
        long start = position;
        while (position - acknowledged < AckWindow.Most) window.OnSent(position += Message);
        for (long offset = start + Message; offset <= position; offset += Message)
        {
            _time.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 10));
            window.OnAck(offset, offset - acknowledged, position);
            acknowledged = offset;
        }

        Assert.Equal(AckWindow.Most, window.Size);
    }

    /// <summary>The dashboard acknowledges what is less than an eighth of the window only after 200 ms.</summary>
    [Fact]
    public void Little_that_is_acknowledged_after_a_while_tells_nothing_of_the_pace()
    {
        AckWindow window = WithQuickSnapshot(out long position);
        for (int i = 0; i < 20; i++)
        {
            window.OnSent(position += 100);
            _time.Advance(TimeSpan.FromMilliseconds(200));
            window.OnAck(position, 100, position);
        }

        Assert.Equal(AckWindow.Most, window.Size);
    }

    /// <summary>A window that knows that the way to the client is short.</summary>
    private AckWindow WithQuickSnapshot(out long position)
    {
        var window = new AckWindow(_time);
        position = 1_000_000;
        window.OnSent(position);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        window.OnAck(position, 0, position);
        return window;
    }

    /// <summary>Sends as the window allows through a line of a rate and a length, to a client that acknowledges each message or in steps. Returns the window at the end.</summary>
    private int Run(AckWindow window, double bytesPerSecond, double way, double seconds, int step = 0)
    {
        long sent = _sent;
        long acknowledged = _sent;
        long line = 0;
        var arriving = new Queue<(long Position, long At)>();
        // A line of text tells how long the way is.
        const int Text = 100;
        window.OnSent(sent + Text);
        _time.Advance(TimeSpan.FromSeconds(way));
        window.OnAck(sent + Text, Text, sent + Text);
        acknowledged = sent += Text;
        long end = _time.GetTimestamp() + (long)(seconds * TimeSpan.TicksPerSecond);
        while (_time.GetTimestamp() < end)
        {
            while (sent - acknowledged < window.Size)
            {
                int message = (int)Math.Min(window.Size / 4, window.Size - (sent - acknowledged));
                sent += message;
                window.OnSent(sent);
                line = Math.Max(line, _time.GetTimestamp()) + (long)(message / bytesPerSecond * TimeSpan.TicksPerSecond);
                arriving.Enqueue((sent, line + (long)(way * TimeSpan.TicksPerSecond)));
            }

            Assert.NotEmpty(arriving);
            (long position, long at) = arriving.Dequeue();
            _time.Advance(TimeSpan.FromTicks(Math.Max(0, at - _time.GetTimestamp())));
            if (position - acknowledged < step) continue;
            window.OnAck(position, position - acknowledged, sent);
            acknowledged = position;
        }

        _sent = sent;
        return window.Size;
    }

}
