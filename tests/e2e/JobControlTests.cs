using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>A session's terminal is a terminal: job control, its name, its size, and nothing else open.</summary>
public sealed class JobControlTests
{
    public static TheoryData<string, string[]> Shells => new()
    {
        { "bash", ["bash", "--norc", "--noprofile"] },
        { "sh", ["sh", "-i"] },
        { "zsh", ["zsh", "-f"] },
        { "fish", ["fish", "--no-config"] },
    };

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task T78_Control_C_control_Z_and_fg_work(string shell, string[] argv)
    {
        Host.Require(shell);
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("shell", argv);
        await ReadyAsync(daemon, "shell");
        await daemon.TypeAsync("shell", "sleep 1000\r");
        ProcessEntry sleep = await ForegroundAsync(session.Pid!.Value, "sleep 1000");
        await daemon.TypeAsync("shell", "\u001a");
        await Eventually.TrueAsync(() => StateOf(sleep.Pid) == 'T', "^Z stops the job");
        await daemon.TypeAsync("shell", "fg\r");
        await Eventually.TrueAsync(() => StateOf(sleep.Pid) == 'S' && ForegroundGroup(session.Pid.Value) == sleep.Group, "fg puts it into the foreground");
        await daemon.TypeAsync("shell", "\u0003");
        await Eventually.TrueAsync(() => ProcessTable.Find(sleep.Pid) is null, "^C ends it");
        await Eventually.TrueAsync(() => ForegroundGroup(session.Pid.Value) == session.Pid.Value, "the shell is in the foreground again");
        await daemon.TypeAsync("shell", "echo alive-$((40 + 2))\r");
        if (shell != "fish") await daemon.UntilScreenAsync("shell", "alive-42");
        Assert.Equal("running", (await daemon.SessionAsync("shell")).State);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task T78_Stty_size_and_tty_tell_the_sessions_terminal(string shell, string[] argv)
    {
        Host.Require(shell);
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", argv, columns: 93, rows: 31);
        await ReadyAsync(daemon, "shell");
        await daemon.TypeAsync("shell", "stty size; tty; ps -o tpgid= -o pgid= -p $fish_pid$$ 2>/dev/null | head -1\r".Replace("$fish_pid$$", shell == "fish" ? "$fish_pid" : "$$", StringComparison.Ordinal));
        await daemon.UntilScreenAsync("shell", "31 93");
        await daemon.UntilScreenAsync("shell", "/dev/pts/");
        using HttpResponseMessage resized = await daemon.Http.PostAsync("v1/sessions/shell/resize", TestDaemon.Json("""{"cols":101,"rows":29}"""));
        await daemon.TypeAsync("shell", "stty size\r");
        await daemon.UntilScreenAsync("shell", "29 101");
    }

    [Fact]
    public async Task T78_The_foreground_group_is_the_terminals()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("leader", ["sh", "-c", "ps -o pid=,pgid=,sid=,tpgid=,tty= -p $$; exec cat"]);
        string screen = await daemon.UntilScreenAsync("leader", "pts/");
        string[] fields = screen.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string pid = session.Pid!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([pid, pid, pid, pid], fields[..4]);
    }

    [Fact]
    public async Task T77_Standard_input_output_and_error_alone_are_open()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await daemon.NewAsync("other", ["cat"]);
        await using WireClient attached = await daemon.AttachAsync("other");
        // Its first words come after the loader has closed the libraries that it read.
        SessionObject session = await daemon.NewAsync("fds", ["sh", "-c", "echo READY; read line"]);
        await daemon.UntilScreenAsync("fds", "READY");
        string[] open = [.. Directory.EnumerateFileSystemEntries($"/proc/{session.Pid}/fd").Order()];
        Assert.Equal(["0", "1", "2"], open.Select(Path.GetFileName));
        string terminal = Assert.Single(open.Select(path => new FileInfo(path).LinkTarget!).Distinct());
        Assert.StartsWith("/dev/pts/", terminal, StringComparison.Ordinal);
        // As a person looks: the 3 is the folder that ls reads.
        await daemon.NewAsync("ls", ["sh", "-c", "ls -l /proc/self/fd; echo END; exec cat"]);
        string screen = await daemon.UntilScreenAsync("ls", "END");
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(screen, " [012] -> /dev/pts/"));
        Assert.DoesNotMatch(" ([4-9]|[1-9][0-9]+) -> ", screen);
    }

    [Fact]
    public async Task T77_Signals_are_at_their_defaults_and_none_is_blocked()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("signals", ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]);
        await daemon.UntilStateAsync("signals", "stopped");
        string screen = await daemon.ScreenAsync("signals");
        Assert.Matches(@"SigBlk:\s+0{16}", screen);
        // 32 and 33 are the C library's own; its posix_spawn ignores them in the child.
        Assert.Matches(@"SigIgn:\s+0{7}[018]80000000|SigIgn:\s+0{16}", screen);
        // SIGPIPE too: yes would go on for ever.
        await daemon.NewAsync("pipe", ["bash", "-c", "yes | head -1; echo ${PIPESTATUS[0]}"]);
        await daemon.UntilScreenAsync("pipe", "141");
    }

    [Fact]
    public async Task T79_The_environment_names_the_terminal_and_the_session()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("""
            [[sessions]]
            name = "env"
            command = "env; echo END; exec cat"
            size = [200, 60]
            env = { OWN = "value", PATH = { prepend = ["/first"] } }
            [[sessions]]
            name = "odd"
            term = "no-such-terminal"
            command = "echo TERM=$TERM; exec cat"
            """);
        string screen = await daemon.UntilScreenAsync("env", "END");
        string[] lines = screen.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("COLORTERM=truecolor", lines);
        Assert.Contains("TERM=xterm-256color", lines);
        Assert.Contains("SESSIOND_SESSION=env", lines);
        Assert.Contains($"SESSIOND_SOCKET={daemon.Socket}", lines);
        Assert.Contains("OWN=value", lines);
        Assert.Contains(lines, line => line.StartsWith("PATH=/first:", StringComparison.Ordinal));
        // What is the daemon's own stays its own.
        Assert.DoesNotContain("SESSIOND_E2E", screen, StringComparison.Ordinal);
        await daemon.UntilScreenAsync("odd", "TERM=xterm-256color");
    }

    /// <summary>Types until the shell answers: some throw away what was typed before their first prompt.</summary>
    private static async Task ReadyAsync(TestDaemon daemon, string name)
    {
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync(name)).Offset > 0, "the shell shows a prompt");
        int attempt = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // The arithmetic of the shells differs; so does what they echo. What printf puts together only a shell that runs it shows.
                if (attempt++ % 50 == 0) await daemon.TypeAsync(name, "printf 'rea%s\\n' dy\r");
                return (await daemon.ScreenAsync(name)).Contains("ready", StringComparison.Ordinal);
            },
            "the shell runs what is typed");
    }

    private static async Task<ProcessEntry> ForegroundAsync(int leader, string command)
    {
        ProcessEntry found = default;
        await Eventually.TrueAsync(
            () =>
            {
                found = ProcessTable.Read().FirstOrDefault(entry => entry.Session == leader && ProcessTable.CommandLine(entry.Pid) == command);
                return found.Pid != 0 && ForegroundGroup(leader) == found.Group;
            },
            $"{command} in the foreground");
        return found;
    }

    /// <summary>Field 8 of /proc/PID/stat: tpgid.</summary>
    private static int ForegroundGroup(int pid) => int.Parse(Fields(pid)[5], System.Globalization.CultureInfo.InvariantCulture);

    private static char StateOf(int pid) => File.Exists($"/proc/{pid}/stat") ? Fields(pid)[0][0] : ' ';

    private static string[] Fields(int pid)
    {
        string text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
