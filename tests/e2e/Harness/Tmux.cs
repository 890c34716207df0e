namespace Sessiond.E2e.Tests.Harness;

/// <summary>A tmux server of the test's own: an outer terminal that another project wrote, whose screen can be read.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-e2e-tmux-").FullName;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private Tmux(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    /// <summary>Starts a server with one window that shows a command.</summary>
    internal static async Task<Tmux> StartAsync(IReadOnlyDictionary<string, string> environment, int columns, int rows, params string[] argv)
    {
        var tmux = new Tmux(environment);
        await tmux.RunAsync(["new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", .. argv]);
        await tmux.RunAsync("set-option", "-g", "remain-on-exit", "on");
        return tmux;
    }

    /// <summary>What the pane shows, with attributes.</summary>
    internal Task<string> CaptureAsync() => RunAsync("capture-pane", "-e", "-p");

    /// <summary>A fact about the pane, such as <c>#{alternate_on}</c>.</summary>
    internal async Task<string> DisplayAsync(string format) => (await RunAsync("display-message", "-p", format)).TrimEnd('\n');

    internal Task SendKeysAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    internal async Task UntilAsync(string text)
    {
        string screen = "";
        await Eventually.TrueAsync(async () => (screen = await RunAsync("capture-pane", "-p")).Contains(text, StringComparison.Ordinal), () => $"\"{text}\" in the pane:\n{screen}");
    }

    /// <summary>Runs a tmux command; fails unless it succeeds.</summary>
    internal async Task<string> RunAsync(params string[] arguments)
    {
        string[] argv = [Host.Find("tmux")!, "-S", Path.Combine(_folder, "tmux"), "-f", "/dev/null", .. arguments];
        await using var program = PipedProgram.Start(argv, _environment);
        int code = await program.ExitCodeAsync();
        Assert.True(code == 0, $"tmux {string.Join(' ', arguments)}: {program.Output.Text()}");
        return program.Output.Text();
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("kill-server");
        Directory.Delete(_folder, recursive: true);
    }
}
