namespace Sessiond.Daemon.Sessions;

/// <summary>When somebody or something last did something here.</summary>
internal sealed partial class Session
{
    private long _lastInput; // ticks; input, attaches
    private long _lastOutput; // ticks

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
        long input = Math.Max(Volatile.Read(ref _lastInput), _createdAt.UtcTicks);
        return new DateTimeOffset(outputCounts ? Math.Max(input, Volatile.Read(ref _lastOutput)) : input, TimeSpan.Zero);
    }

    private void Touch() => Volatile.Write(ref _lastInput, _services.Time.GetUtcNow().UtcTicks);

    private void TouchByOutput() => Volatile.Write(ref _lastOutput, _services.Time.GetUtcNow().UtcTicks);
}
