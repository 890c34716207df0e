using System.Globalization;
using System.Text.RegularExpressions;

namespace Sessiond.E2e.Tests;

/// <summary>A client that is lost in the middle of output, and the one that comes after it.</summary>
public sealed partial class ReattachTests
{
    /// <summary>All that it prints fits the ring (1 MiB): nobody can come too late for any of it.</summary>
    private const string Loop = "for i in $(seq 1 70000); do echo line $i; done; exec cat";

    [Fact]
    public async Task After_a_killed_client_the_next_one_gets_the_last_lines_and_the_scrollback()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("loop", ["bash", "-c", $"read go; {Loop}"]);
        await using (PtyProgram first = daemon.OnTerminal("attach", "loop"))
        {
            first.Type("\r");
            await first.UntilAsync("line 2000\r\n");
            first.Signal(SignalNames.Kill);
            Assert.Equal(128 + SignalNames.Kill, await first.ExitCodeAsync());
        }

        await using (PtyProgram second = daemon.OnTerminal("attach", "loop"))
        {
            await second.UntilAsync("line 70000\r\n");
            AssertConsecutive(second.Output.Text(), atLeast: 24);
        }

        await using PtyProgram third = daemon.OnTerminal("attach", "loop");
        await third.UntilAsync("line 70000");
        AssertConsecutive(third.Output.Text(), atLeast: 9_900);
        string[] screen = (await daemon.ScreenAsync("loop")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("line 70000", screen[^1].TrimEnd());
    }

    [Fact]
    public async Task After_a_cut_TCP_connection_the_next_raw_client_gets_the_last_lines_and_the_scrollback()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(tcp: true);
        await daemon.NewAsync("loop", ["bash", "-c", $"read go; {Loop}"]);
        const string Path = "/v1/sessions/loop/attach?cols=80&rows=24";
        (string, string) authorization = ("Authorization", $"Bearer {TestDaemon.Token}");
        await using (WireClient first = await WireClient.AttachAsync(await WebSocketUpgrade.TcpAsync(daemon.Port), Path, "raw.sessiond.v1", authorization))
        {
            await first.TypeAsync("\r");
            await first.UntilAsync("line 2000\r\n");
            first.Reset();
        }

        await Eventually.TrueAsync(async () => !(await daemon.SessionAsync("loop")).Attached, "the daemon notices the reset");
        await daemon.UntilScreenAsync("loop", "line 70000");
        await using WireClient second = await WireClient.AttachAsync(await WebSocketUpgrade.TcpAsync(daemon.Port), Path, "raw.sessiond.v1", authorization);
        await second.UntilAsync("line 70000");
        AssertConsecutive(second.Output.Text(), atLeast: 9_900);
    }

    /// <summary>I1, I2: whoever attaches at any moment sees every line once, in order.</summary>
    [Fact]
    public async Task T54_A_counter_has_neither_gap_nor_double_over_many_attaches()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("counter", ["bash", "-c", "read go; for i in $(seq 1 200000); do echo line $i; done; exec cat"]);
        await daemon.TypeAsync("counter", "\r");
        bool isOver = false;
        for (int attach = 0; attach < 30 && !isOver; attach++)
        {
            await using WireClient client = await daemon.AttachAsync("counter", "scrollback=0");
            await client.MessageAsync("hello");
            int start = await client.UntilAsync("line ");
            await client.Output.UntilAsync(bytes => bytes.Length >= 200_000 || bytes.IndexOf("line 200000"u8) >= 0 ? 0 : -1, "200 KB of lines", start);
            // Before it is asked whether there was a lag: one that comes now has not told on what is shown here.
            string text = client.Output.Text();
            isOver = text.Contains("line 200000", StringComparison.Ordinal);
            if (!client.Said.Text().Contains("\"type\":\"lag\"", StringComparison.Ordinal)) AssertConsecutive(text, atLeast: 20);
        }
    }

    /// <summary>T19 and docs/protocol.md: messages end where the parser is at rest.</summary>
    [Fact]
    public async Task T19_No_output_message_ends_inside_a_character_or_an_escape_sequence()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("colours", ["bash", "-c", "read go; for i in $(seq 1 20000); do printf '\\033[38;2;%d;20;30m→%d 漢字 ✓\\033[0m\\r\\n' $((i % 256)) $i; done; echo DONE; exec cat"]);
        await using WireClient client = await daemon.AttachAsync("colours");
        await client.MessageAsync("hello");
        await client.TypeAsync("\r");
        await client.UntilAsync("DONE");
        (long Offset, byte[] Bytes)[] outputs = [.. client.Frames.Where(frame => frame.Offset >= 0)];
        Assert.True(outputs.Length > 10, "the output came in many messages");
        var strict = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);
        foreach ((long _, byte[] bytes) in outputs)
        {
            string text = strict.GetString(bytes);
            Assert.DoesNotMatch(OpenSequence(), text);
        }
    }

    /// <summary>T30: an attach by itself types nothing into the program.</summary>
    [Fact]
    public async Task T30_Attaching_gives_the_program_no_byte_to_read()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        // The answers to queries of the program's own are swallowed up to the marker; from then on each byte read is shown.
        const string Program = "stty raw -echo; printf '\\033[c\\033[6n\\033[?u\\033]11;?\\007ASKED'; "
            + "while IFS= read -r -n1 -d '' c; do [ \"$c\" = M ] && break; done; printf READY; od -An -v -tx1 -w1";
        await daemon.NewAsync("reader", ["bash", "-c", Program]);
        await daemon.UntilScreenAsync("reader", "ASKED");
        await daemon.TypeAsync("reader", "M");
        await daemon.UntilScreenAsync("reader", "READY");
        for (int i = 0; i < 5; i++)
        {
            await using WireClient client = await daemon.AttachAsync("reader", $"cols={80 + i}&rows=24");
            await client.MessageAsync("hello");
            await client.UntilAsync("READY");
            await client.PingAsync(i);
        }

        await daemon.TypeAsync("reader", "Z");
        string screen = await daemon.UntilScreenAsync("reader", "5a");
        Assert.Equal("5a", screen[(screen.IndexOf("READY", StringComparison.Ordinal) + 5)..].Trim());
    }

    /// <summary>T23: the snapshot is exact, so a client of the same size makes no program paint anew.</summary>
    [Fact]
    public async Task T23_A_client_of_the_same_size_is_no_change_of_size()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sizes", ["bash", "-c", "trap 'printf \"WINCH \"' WINCH; printf 'READY '; while :; do read -r go && printf 'GO%s ' $go; done"]);
        await daemon.UntilScreenAsync("sizes", "READY");
        for (int i = 0; i < 3; i++)
        {
            await using WireClient client = await daemon.AttachAsync("sizes", "cols=80&rows=24");
            await client.MessageAsync("hello");
            await client.PingAsync(i);
        }

        await daemon.TypeAsync("sizes", "1\r");
        Assert.DoesNotContain("WINCH", await daemon.UntilScreenAsync("sizes", "GO1"), StringComparison.Ordinal);
        await using WireClient other = await daemon.AttachAsync("sizes", "cols=90&rows=24");
        await other.MessageAsync("hello");
        await daemon.TypeAsync("sizes", "2\r");
        Assert.Contains("WINCH", await daemon.UntilScreenAsync("sizes", "GO2"), StringComparison.Ordinal);
    }

    /// <summary>T28: a snapshot larger than the client's window and queue is sent once, in parts.</summary>
    [Fact]
    public async Task T28_A_large_snapshot_makes_no_other_one()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("long", ["bash", "-c", "for i in $(seq 1 9000); do printf '\\033[38;2;%d;20;30mline %d\\033[0m %0250d\\n' $((i % 256)) $i 0; done; echo DONE; exec cat"], columns: 300);
        await daemon.UntilScreenAsync("long", "DONE");
        await using WireClient client = await daemon.AttachAsync("long");
        await client.MessageAsync("hello");
        await client.SendTextAsync("""{"type":"ack","offset":0}""");
        await client.UntilAsync("DONE");
        await client.PingAsync(1);
        Assert.True(client.Output.Length > 2 << 20, $"a snapshot of {client.Output.Length} bytes");
        Assert.Single(Sequence().Matches(client.Output.Text()), static match => match.Value == "\e[3J");
        Assert.DoesNotContain("\"type\":\"lag\"", client.Said.Text(), StringComparison.Ordinal);
    }

    /// <summary>Numbers of the lines as they came must follow each other up to the last.</summary>
    private static void AssertConsecutive(string text, int atLeast)
    {
        string lines = Sequence().Replace(Placed().Replace(text, PlaceCursor), "");
        int[] numbers = [.. Line().Matches(lines).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.True(numbers.Length >= atLeast, $"{numbers.Length} lines, not {atLeast}");
        for (int i = 1; i < numbers.Length; i++) Assert.True(numbers[i] == numbers[i - 1] + 1, $"line {numbers[i]} follows line {numbers[i - 1]}: {Around(text, numbers[i - 1])}");
    }

    /// <summary>
    /// A snapshot may end within a line, and prints its last character once more, for a combining one that may follow: what the cursor is placed over is taken
    /// back. At the start of a row it is the end of a line.
    /// </summary>
    private static string PlaceCursor(Match match)
    {
        int column = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        string row = match.Groups[1].Value;
        return column == 1 ? row + "\n" : row[..Math.Min(row.Length, column - 1)];
    }

    private static string Around(string text, int line)
    {
        int at = text.LastIndexOf($"line {line}", StringComparison.Ordinal);
        return text[at..Math.Min(text.Length, at + 200)].Replace("\e", "ESC", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"line (\d+)\r?\n")]
    private static partial Regex Line();

    [GeneratedRegex(@"\x1b(\[[0-9;:?<=>!""$ ]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[ -/]?[0-9=>@-Z\\^_a-z])")]
    private static partial Regex Sequence();

    [GeneratedRegex(@"([^\r\n\x1b]*)\x1b\[\d+;(\d+)H")]
    private static partial Regex Placed();

    [GeneratedRegex(@"\x1b(\[[0-9;:?]*)?$")]
    private static partial Regex OpenSequence();
}
