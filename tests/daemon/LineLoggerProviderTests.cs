using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Startup;

namespace Sessiond.Daemon.Tests;

/// <summary>The daemon's own log and a reader who stops.</summary>
public sealed class LineLoggerProviderTests
{
    [Fact]
    public async Task Whoever_logs_does_not_wait_for_a_reader_who_stopped_and_what_was_skipped_is_counted()
    {
        const int Lines = 50_000;
        var output = new StoppedReader(last: "were skipped here");
        var provider = new LineLoggerProvider(output, isJson: false, new TestTime());
        ILogger logger = provider.CreateLogger("");
        // Would never return if it waited.
        await Task.Run(
            () =>
            {
                for (int i = 0; i < Lines; i++) logger.Log(LogLevel.Information, default, i, null, static (number, _) => $"line {number}");
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        output.GoOn();
        provider.Dispose();
        string[] lines = (await output.Text.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n');

        int taken = lines.Length - 1;
        Assert.InRange(lines.Sum(line => line.Length + 1), LineLoggerProvider.MaxWaiting / 2, LineLoggerProvider.MaxWaiting + 1000);
        Assert.Equal(Enumerable.Range(0, taken), lines.Take(taken).Select(line => int.Parse(Regex.Match(line, "line ([0-9]+)$").Groups[1].Value)));
        Assert.EndsWith($" warn {Lines - taken} lines were skipped here: nobody took the log", lines[^1], StringComparison.Ordinal);
    }
}
