using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>What a person sees before a detach and after the next attach is the same, judged by tmux.</summary>
public sealed class LookTests
{
    private const int Columns = 100;
    private const int Rows = 30;

    [Fact]
    public async Task Vim_with_a_file_looks_the_same_after_a_reattach()
    {
        Host.Require("tmux", "vim");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "source.c");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, 200).Select(i => $"/* line {i} */ static int value_{i} = {i}; // 漢字 é"));
        await daemon.NewAsync("vim", ["vim", "-u", "NONE", "-i", "NONE", "-n", "-c", "syntax on | set number hlsearch cursorline laststatus=2 mouse=a | /value_5", file], columns: Columns, rows: Rows);
        await AssertSameLookAsync(daemon, "vim", "value_25");
        // T04: the primary screen comes back when vim ends.
        await daemon.TypeAsync("vim", "\u001b:q!\r");
        Assert.Equal(0, (await daemon.UntilStateAsync("vim", "stopped")).ExitCode);
    }

    [Fact]
    public async Task Htop_looks_the_same_after_a_reattach()
    {
        Host.Require("tmux", "htop");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SessionObject session = await daemon.NewAsync("htop", ["htop", "-d", "10"], columns: Columns, rows: Rows);
        await AssertSameLookAsync(daemon, "htop", "F10", session.Pid!.Value);
    }

    [Fact]
    public async Task A_shell_with_a_coloured_prompt_looks_the_same_after_a_reattach()
    {
        Host.Require("tmux", "bash");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("shell", ["bash", "--norc", "--noprofile"], columns: Columns, rows: Rows);
        await daemon.TypeAsync("shell", "PS1='\\[\\e[1;32m\\]me\\[\\e[0;38;5;208m\\]@box \\[\\e[48;2;30;60;90m\\]\\w\\[\\e[0m\\]\\$ '\r");
        await daemon.TypeAsync("shell", "clear; printf '\\e[4:3m\\e[31mcurly\\e[0m \\e[9;3mstruck\\e[0m 漢字 \\U1F468\\u200d\\U1F469 x\\n'; seq 1 12; echo END\r");
        await AssertSameLookAsync(daemon, "shell", "\nEND");
    }

    [Fact]
    public async Task Less_and_nano_look_the_same_after_a_reattach()
    {
        Host.Require("tmux", "less", "nano");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "text");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, 300).Select(i => $"text line {i}"));
        await daemon.NewAsync("less", ["less", "-N", file], columns: Columns, rows: Rows);
        await daemon.TypeAsync("less", "50G/line 6\r");
        await AssertSameLookAsync(daemon, "less", "text line 60");
        await daemon.NewAsync("nano", ["nano", "--ignorercfiles", file], columns: Columns, rows: Rows);
        await AssertSameLookAsync(daemon, "nano", "text line 2");
    }

    /// <summary>Attaches in tmux, looks, detaches, attaches again in the same pane, looks again. A program that repaints by the clock is frozen meanwhile.</summary>
    private static async Task AssertSameLookAsync(TestDaemon daemon, string name, string text, int frozen = 0)
    {
        await using Tmux tmux = await Tmux.StartAsync(daemon.Environ, Columns, Rows, "sh");
        await tmux.SendKeysAsync($"'{Host.Binary}' attach {name}", "Enter");
        await tmux.UntilAsync(text);
        if (frozen != 0) ProcessTable.Signal(ProcessTable.Find(frozen)!.Value, SignalNames.Stop);
        await SettledAsync(daemon, tmux, name);
        string before = await tmux.CaptureAsync();
        string cursor = await tmux.DisplayAsync(Facts);
        await tmux.SendKeysAsync("C-\\");
        await tmux.UntilAsync("[detached from");
        await tmux.SendKeysAsync("clear", "Enter");
        await Eventually.TrueAsync(async () => !(await tmux.CaptureAsync()).Contains("detached", StringComparison.Ordinal), "the pane is cleared");
        await tmux.SendKeysAsync($"'{Host.Binary}' attach {name}", "Enter");
        await tmux.UntilAsync(text);
        (string after, string facts) = ("", "");
        await Eventually.TrueAsync(
            async () => (after = await tmux.CaptureAsync()) == before && (facts = await tmux.DisplayAsync(Facts)) == cursor,
            () => $"the same look\n{Difference(before, after)}\n{cursor}\n{facts}",
            TimeSpan.FromSeconds(20));
        if (frozen != 0) ProcessTable.Signal(ProcessTable.Find(frozen)!.Value, SignalNames.Continue);
    }

    /// <summary>The rows that differ, with their sequences to be seen.</summary>
    private static string Difference(string before, string after) => string.Join('\n', before.Split('\n').Zip(after.Split('\n'))
        .Where(rows => rows.First != rows.Second)
        .Select(rows => $"before: {rows.First}\nafter:  {rows.Second}".Replace("\e", "ESC", StringComparison.Ordinal)));

    private const string Facts = "#{cursor_x},#{cursor_y} #{cursor_flag} alternate=#{alternate_on} mouse=#{mouse_any_flag}#{mouse_sgr_flag} keys=#{keypad_cursor_flag}#{keypad_flag}";

    /// <summary>Waits until the pane shows what the session's screen is, and nothing more comes.</summary>
    private static async Task SettledAsync(TestDaemon daemon, Tmux tmux, string name)
    {
        const int Looks = 5;
        long offset = -1;
        string last = "";
        int same = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                (long offsetBefore, string lastBefore) = (offset, last);
                (offset, last) = ((await daemon.SessionAsync(name)).Offset, await tmux.CaptureAsync());
                same = offset == offsetBefore && last == lastBefore ? same + 1 : 0;
                return same == Looks;
            },
            "the screen settles");
    }
}
