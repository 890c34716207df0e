namespace Sessiond.Daemon.Sessions;

/// <summary>When somebody or something last did something here.</summary>
internal sealed partial class Session
{
    private long _inputAt; // ticks; input, attaches
    private long _outputAt; // ticks

    /// <summary>True while its program, or a script before it, runs. Any thread.</summary>
    internal bool HasProgram
    {
        get
        {
            using (Enter()) return _program is not null;
        }
    }

    /// <summary>The last input or attach, and output where that counts. Any thread.</summary>
    internal DateTimeOffset LastActivity(bool outputCounts)
    {
        long input = Math.Max(Volatile.Read(ref _inputAt), _createdAt.UtcTicks);
        return new DateTimeOffset(outputCounts ? Math.Max(input, Volatile.Read(ref _outputAt)) : input, TimeSpan.Zero);
    }

    private void Touch() => Volatile.Write(ref _inputAt, _services.Time.GetUtcNow().UtcTicks);

    private void TouchByOutput() => Volatile.Write(ref _outputAt, _services.Time.GetUtcNow().UtcTicks);
}
