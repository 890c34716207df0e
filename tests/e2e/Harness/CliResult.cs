namespace Sessiond.E2e.Tests.Harness;

/// <summary>How a command ended, and what it printed.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>Fails with everything it printed unless it ended with a code.</summary>
    internal CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\nout: {Out}\nerror: {Error}");
        return this;
    }
}
