using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The user's terminal, while and after it showed a session: raw, and sane again whatever ended it.</summary>
public sealed class CliAttachTests
{
    /// <summary>What a shell around the command prints: its terminal's attributes before and after.</summary>
    private const string Around = "echo \"before=$(stty -g)\"; \"$@\"; code=$?; echo; echo \"after=$(stty -g)\"; echo \"code=$code\"; printf END";

    /// <summary>Arms everything that troubles a shell, then waits.</summary>
    private const string Armed = "printf '\\033[?1049h\\033[?1003h\\033[?1006h\\033[?1004h\\033[?2004h\\033[?1h\\033=\\033[?25l\\033[>5u\\033[5 q\\033[31mARMED'; exec cat";

    /// <summary>The ways in which an attach ends, and the exit code of each.</summary>
    public static TheoryData<string, int> Ends => new()
    {
        { "detach", 0 },
        { "exit", 5 },
        { "killed", 137 },
        { "terminated", -1 },
        { "taken over", 6 },
        { "SIGTERM", 143 },
        { "SIGHUP", 129 },
        { "daemon stops", -1 },
        // The holder is: its daemon ends the sessions, and the program's end may be told before the connection is cut.
        { "daemon killed", -1 },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task T03b_However_an_attach_ends_the_terminal_is_sane(string end, int code)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string program = end == "exit" ? Armed.Replace("exec cat", "read go; exit 5", StringComparison.Ordinal) : Armed;
        SessionObject session = await daemon.NewAsync("armed", ["sh", "-c", program]);
        await daemon.UntilScreenAsync("armed", "ARMED");
        await using var terminal = PtyProgram.Start(["sh", "-c", Around, "sh", Host.Binary, "attach", "armed"], daemon.Environ);
        await terminal.UntilAsync("ARMED");
        Assert.Contains(1003, DecModes.LeftOn(terminal.Output.Text()));
        ProcessEntry cli = ProcessTable.Read().Single(entry => entry.Parent == terminal.Pid);
        await EndAsync(daemon, terminal, session, cli, end);
        await terminal.UntilAsync("END");
        string text = terminal.Output.Text();
        Assert.Equal(Value(text, "before="), Value(text, "after="));
        Assert.Empty(DecModes.LeftOn(text));
        string tail = text[text.LastIndexOf("ARMED", StringComparison.Ordinal)..];
        Assert.Contains("\e[?25h", tail, StringComparison.Ordinal);
        Assert.Contains("\e>", tail, StringComparison.Ordinal);
        Assert.Contains("\e[0 q", tail, StringComparison.Ordinal);
        Assert.Contains("\e[0m", tail, StringComparison.Ordinal);
        Assert.Matches("\e\\[<\\d+u|\e\\[=0", tail);
        if (code >= 0) Assert.Equal($"{code}", Value(text, "code="));
        else Assert.NotEqual("0", Value(text, "code="));
    }

    /// <summary>T03b as another project's terminal sees it.</summary>
    /// <summary>T49, T60: SIGSTOP cannot be caught; the terminal is raw afterwards all the same, so that the detach key is a key and no signal.</summary>
    [Fact]
    public async Task A_stop_that_nobody_could_catch_leaves_the_terminal_raw()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("echo", ["cat"]);
        await using PtyProgram terminal = daemon.OnTerminal("attach", "echo");
        await terminal.UntilAsync(PtyProgram.Attached);
        terminal.Signal(SignalNames.Stop);
        await Eventually.TrueAsync(() => File.ReadAllText($"/proc/{terminal.Pid}/stat").Contains(") T ", StringComparison.Ordinal), "it is stopped");
        terminal.Signal(SignalNames.Continue);
        terminal.Type("woken\r");
        await terminal.UntilAsync("woken\r\nwoken");
        terminal.Type("\x1c");
        Assert.Equal(0, await terminal.ExitCodeAsync());
    }

    [Fact]
    public async Task T03b_After_a_detach_tmux_has_no_mode_left_on()
    {
        Host.Require("tmux");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("armed", ["sh", "-c", Armed]);
        await using Tmux tmux = await Tmux.StartAsync(daemon.Environ, 80, 24, "sh", "-c", "printf '\nwhat was here\n'; exec sh");
        await tmux.UntilAsync("\nwhat was here");
        const string Facts = "#{alternate_on}#{mouse_any_flag}#{mouse_sgr_flag}#{keypad_cursor_flag}#{keypad_flag}#{cursor_flag}#{insert_flag}#{origin_flag}#{wrap_flag}";
        string before = await tmux.DisplayAsync(Facts);
        await tmux.SendKeysAsync($"'{Host.Binary}' attach armed", "Enter");
        await tmux.UntilAsync("ARMED");
        Assert.NotEqual(before, await tmux.DisplayAsync(Facts));
        await tmux.SendKeysAsync("C-\\");
        await tmux.UntilAsync("[detached from armed]");
        await Eventually.TrueAsync(async () => await tmux.DisplayAsync(Facts) == before, "the terminal is as before");
        Assert.Contains("\nwhat was here", await tmux.RunAsync("capture-pane", "-p", "-S", "-"), StringComparison.Ordinal);
    }

    /// <summary>docs/cli.md: the scrollback of the user's own terminal stays.</summary>
    [Fact]
    public async Task An_attach_never_erases_the_scrollback_of_the_users_terminal()
    {
        Host.Require("tmux");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("session", ["cat"]);
        await daemon.TypeAsync("session", "inside\r");
        await using Tmux tmux = await Tmux.StartAsync(daemon.Environ, 80, 24, "sh");
        await tmux.SendKeysAsync("seq 1 100", "Enter");
        await tmux.UntilAsync("\n100");
        await tmux.SendKeysAsync($"'{Host.Binary}' attach session", "Enter");
        await tmux.UntilAsync("inside");
        await tmux.SendKeysAsync("C-\\");
        await tmux.UntilAsync("[detached from session]");
        string history = await tmux.RunAsync("capture-pane", "-p", "-S", "-");
        Assert.Contains("\n42\n", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_detach_key_pressed_twice_is_sent_once_and_another_can_be_chosen()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("hex", ["sh", "-c", "stty raw -echo; printf READY; exec od -An -v -tx1 -w1"]);
        await using PtyProgram first = daemon.OnTerminal("attach", "hex");
        await first.UntilAsync("READY");
        first.Type("\x1c\x1cZ");
        await first.UntilAsync("5a");
        Assert.Matches(@"1c\s+5a", string.Join(' ', (await daemon.ScreenAsync("hex")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        first.Type("\x1c");
        Assert.Equal(0, await first.ExitCodeAsync());
        await using PtyProgram second = daemon.OnTerminal("attach", "--detach-keys", "ctrl-a", "hex");
        await second.UntilAsync("5a");
        second.Type("\x01");
        Assert.Equal(0, await second.ExitCodeAsync());
    }

    [Fact]
    public async Task The_session_follows_the_size_of_the_users_terminal()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sized", ["bash", "--norc"]);
        await using PtyProgram terminal = daemon.OnTerminal(100, 30, "attach", "sized");
        await terminal.UntilAsync(PtyProgram.Attached);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("sized")).Size == new SizeObject(100, 30), "the terminal's size");
        terminal.Resize(70, 20);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("sized")).Size == new SizeObject(70, 20), "the new size");
    }

    /// <summary>A paste that nobody reads must not lock its person in: what waits on all the ways is less than this.</summary>
    [Fact]
    public async Task The_detach_key_is_seen_while_a_paste_waits_for_a_program_that_does_not_read()
    {
        const int Paste = 4 << 20;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("deaf", shell: "stty raw -echo; echo READY; exec sleep 1000");
        await using PtyProgram terminal = daemon.OnTerminal("attach", "deaf");
        await terminal.UntilAsync("READY");
        await terminal.PasteAsync(Paste, "\x1c");
        Assert.Equal(0, await terminal.ExitCodeAsync());
        Assert.Contains("[detached from deaf]", terminal.Output.Text(), StringComparison.Ordinal);
    }

    /// <summary>What was typed behind a paste that had to wait is there in its order when the program reads.</summary>
    [Fact]
    public async Task A_paste_that_had_to_wait_arrives_whole_and_in_order()
    {
        const int Paste = 4 << 20;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string go = Path.Combine(daemon.Folder, "go");
        await daemon.NewAsync("late", shell: $"stty raw -echo; echo READY; until [ -e {go} ]; do sleep 0.1; done; head -c {Paste} | tr -d x | wc -c; exec cat");
        await using PtyProgram terminal = daemon.OnTerminal("attach", "late");
        await terminal.UntilAsync("READY");
        await terminal.PasteAsync(Paste, "behind");
        await File.WriteAllTextAsync(go, "");
        await terminal.UntilAsync("0\nbehind");
    }

    /// <summary>T53: without a terminal's input an attach looks on, does not spin, and keeps the exit status.</summary>
    [Theory]
    [InlineData("exec \"$@\" </dev/null")]
    [InlineData("exec \"$@\" <&-")]
    public async Task T53_With_stdin_closed_or_dev_null_the_exit_status_is_kept_without_spinning(string redirect)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("quiet", ["sh", "-c", "read go; echo over; exit 8"]);
        await using var terminal = PtyProgram.Start(["sh", "-c", redirect, "sh", Host.Binary, "attach", "quiet"], daemon.Environ);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("quiet")).Attached, "the session is attached");
        await using (var clock = PipedProgram.Start(["/bin/sleep", "1"], Host.Environ())) await clock.ExitCodeAsync();
        string text = await File.ReadAllTextAsync($"/proc/{terminal.Pid}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        Assert.InRange(int.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture), 0, 60);
        await daemon.TypeAsync("quiet", "\r");
        Assert.Equal(8, await terminal.ExitCodeAsync());
        Assert.Contains("over", terminal.Output.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_makes_a_session_and_attaches_and_attach_create_does_when_there_is_none()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using (PtyProgram made = daemon.OnTerminal(90, 25, "new", "fresh", "--", "sh", "-c", "stty size; exec cat"))
        {
            await made.UntilAsync("25 90");
            made.Type("\x1c");
            Assert.Equal(0, await made.ExitCodeAsync());
        }

        await using PtyProgram created = daemon.OnTerminal("attach", "--create", "another");
        await created.UntilAsync(PtyProgram.Attached);
        await Eventually.TrueAsync(async () => (await daemon.SessionsAsync()).Any(session => session is { Name: "another", Attached: true }), "it is made and attached");
        created.Type("\x1c");
        Assert.Equal(0, await created.ExitCodeAsync());
        Assert.Equal(["another", "fresh"], (await daemon.SessionsAsync()).Select(session => session.Name).Order());
    }

    [Fact]
    public async Task Connect_shows_a_picker_and_attaches_to_what_is_picked()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("alpha", ["cat"]);
        await daemon.NewAsync("beta", ["cat"]);
        await daemon.TypeAsync("alpha", "this is alpha\r");
        await using PtyProgram terminal = daemon.OnTerminal("connect");
        await terminal.UntilAsync("beta");
        terminal.Type("\r");
        await terminal.UntilAsync("this is alpha\r\n");
        terminal.Type("\x1c");
        Assert.Equal(0, await terminal.ExitCodeAsync());
    }

    private static async Task EndAsync(TestDaemon daemon, PtyProgram terminal, SessionObject session, ProcessEntry cli, string end)
    {
        switch (end)
        {
            case "detach":
                terminal.Type("\x1c");
                break;
            case "exit":
                terminal.Type("\r");
                break;
            case "killed":
                ProcessTable.Signal(ProcessTable.Find(session.Pid!.Value)!.Value, SignalNames.Kill);
                break;
            case "terminated":
                await daemon.TerminateAsync("armed");
                break;
            case "taken over":
                WireClient other = await daemon.AttachAsync("armed");
                await other.MessageAsync("hello");
                await terminal.UntilAsync("END");
                await other.DisposeAsync();
                break;
            case "SIGTERM":
                ProcessTable.Signal(cli, SignalNames.Terminate);
                break;
            case "SIGHUP":
                ProcessTable.Signal(cli, SignalNames.HangUp);
                break;
            case "daemon stops":
                daemon.Process.Signal(SignalNames.Terminate);
                break;
            case "daemon killed":
                daemon.Process.Signal(SignalNames.Kill);
                break;
        }
    }

    private static string Value(string text, string key)
    {
        int start = text.LastIndexOf(key, StringComparison.Ordinal) + key.Length;
        return text[start..text.IndexOf('\r', start)];
    }
}
