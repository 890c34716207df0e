using Sessiond.Terminal.Tests;

namespace Sessiond.E2e.Tests;

/// <summary>
/// What real programs printed, printed by a program in a session and found again by clients that attach afterwards: on the command line and over a
/// WebSocket, at the session's size and at another one. Judges are the engine in the test and @xterm/headless.
/// </summary>
public sealed class PlaybackTests(XtermReference reference)
{
    /// <summary>Prints a file, swallows the answers to the queries in it up to a marker, and keeps every byte that it reads from then on.</summary>
    private const string Player =
        "stty raw -echo; cat \"$1\"; while IFS= read -r -n1 -d '' c; do [ \"$c\" = M ] && break; done; : >\"$2.ready\"; exec cat >\"$2\"";

    /// <summary>Most programs leave a plain screen at their end; before it they show what they can.</summary>
    private const double PlayedShare = 0.7;

    public static TheoryData<string> Names() => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task I1_Clients_find_what_a_program_printed_and_type_nothing(string name)
    {
        var recording = Recording.Read(name);
        byte[] played = [.. recording.Reads.Take((int)Math.Ceiling(recording.Reads.Count * PlayedShare)).SelectMany(static read => read)];
        Vt.Terminal expected = Judge.Fresh(recording.Columns, recording.Rows);
        expected.Feed(played);

        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "played");
        string received = Path.Combine(daemon.Folder, "received");
        await File.WriteAllBytesAsync(file, played);
        await daemon.NewAsync("player", ["bash", "-c", Player, "bash", file, received], columns: recording.Columns, rows: recording.Rows);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("player")).Offset >= played.Length, "the recording was printed");
        await daemon.TypeAsync("player", "M");
        await Eventually.TrueAsync(() => File.Exists(received + ".ready"), "the player swallowed the answers");

        await AttachAsync(daemon, expected, "at the same size");
        expected.Resize(recording.Columns + 23, recording.Rows + 9);
        await AttachAsync(daemon, expected, "at a larger size");
        expected.Resize(recording.Columns - 17, recording.Rows - 7);
        await AttachAsync(daemon, expected, "at a smaller size");

        // Whatever was typed by attaching, detaching or resizing comes before this.
        await daemon.TypeAsync("player", "Z");
        await Eventually.TrueAsync(() => File.ReadAllText(received).EndsWith('Z'), "what was typed arrives");
        Assert.Equal("Z", await File.ReadAllTextAsync(received));
    }

    private async Task AttachAsync(TestDaemon daemon, Vt.Terminal expected, string size)
    {
        (int columns, int rows) = (expected.Columns, expected.Rows);
        string state = expected.DescribeForComparison();
        byte[] output;
        await using (WireClient client = await daemon.AttachAsync("player", $"cols={columns}&rows={rows}"))
        {
            await client.MessageAsync("hello");
            await client.PingAsync(1);
            output = client.Output.ToArray();
        }

        Judge.Same(state, Judge.Engine(output, columns, rows), $"a WebSocket client {size}");
        if (XtermReference.IsInstalled) Judge.Same(state, reference.Show(Judge.Reference(output, columns, rows)), $"a WebSocket client, @xterm/headless, {size}");

        await using PtyProgram program = daemon.OnTerminal(columns, rows, "attach", "player");
        try
        {
            await program.Output.UntilAsync(bytes => Judge.Engine(bytes.ToArray(), columns, rows) == state ? 0 : -1, "the session's state", patience: TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            Judge.Same(state, Judge.Engine(program.Output.ToArray(), columns, rows), $"the command line {size}");
        }

        if (XtermReference.IsInstalled) Judge.Same(state, reference.Show(Judge.Reference(program.Output.ToArray(), columns, rows)), $"the command line, @xterm/headless, {size}");
    }
}
