namespace Sessiond.E2e.Tests.Harness;

/// <summary>Waits for facts that nothing announces: /proc, a state that another process changes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    internal static Task TrueAsync(Func<bool> condition, string what, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), () => what, patience);

    internal static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) => TrueAsync(condition, () => what, patience);

    internal static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? patience = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (patience ?? Host.Patience)) throw new TimeoutException($"not in time: {what()}");
            await Task.Delay(Interval);
        }
    }
}
