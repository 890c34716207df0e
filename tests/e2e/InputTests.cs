using System.Globalization;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests;

/// <summary>The way of typed bytes: unchanged, bounded, and nobody is held up.</summary>
public sealed class InputTests
{
    /// <summary>A program that shows in hexadecimal what it reads from a raw terminal.</summary>
    private static readonly string[] Hexadecimal = ["sh", "-c", "stty raw -echo; printf READY; exec od -An -v -tx1 -w16"];

    [Theory]
    [InlineData("wire")]
    [InlineData("raw")]
    [InlineData("api")]
    public async Task T37_All_256_bytes_pass_unchanged(string way)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("hex", Hexadecimal);
        await daemon.UntilScreenAsync("hex", "READY");
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await using WireClient client = way == "raw" ? await daemon.AttachRawAsync("hex") : await daemon.AttachAsync("hex");
        if (way == "api") await daemon.TypeAsync("hex", all);
        else await client.TypeAsync(all);
        await client.UntilAsync("fe ff");
        string log = await daemon.Http.GetStringAsync("v1/sessions/hex/logs?format=raw");
        string shown = log[(log.IndexOf("READY", StringComparison.Ordinal) + 5)..];
        byte[] read = [.. shown.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(text => byte.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        Assert.Equal(all, read);
    }

    /// <summary>T34: what is pasted into a program that does not read is bounded, and the daemon answers others.</summary>
    [Theory]
    [InlineData("stty raw -echo; echo READY; exec sleep 1000", true)]
    [InlineData("echo READY; exec sleep 1000", false)]
    public async Task T34_A_paste_into_a_program_that_does_not_read_is_bounded(string command, bool isRaw)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("deaf", shell: command);
        await daemon.NewAsync("other", ["cat"]);
        await daemon.UntilScreenAsync("deaf", "READY");
        await using WireClient client = await daemon.AttachAsync("deaf");
        await client.MessageAsync("hello");
        Task paste = client.TypeAsync(new byte[1 << 20]);
        long before = CpuTicks(daemon.DaemonPid);
        for (int i = 0; i < 20; i++)
        {
            await daemon.TypeAsync("other", $"answer {i}\r");
            await daemon.UntilScreenAsync("other", $"answer {i}");
        }

        // Polling a full pty would take hundreds of ticks of 10 ms by now.
        Assert.InRange(CpuTicks(daemon.DaemonPid) - before, 0, 200);
        Assert.InRange(ResidentKilobytes(daemon.DaemonPid), 1, 200_000);
        // The API says how much it took, and does not wait for ever.
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/deaf/input", new ByteArrayContent(new byte[2 << 20]));
        long accepted = System.Text.Json.JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), ApiJsonContext.Default.InputResult)!.Accepted;
        // A line discipline that edits lines takes everything and keeps 4095 bytes of a line, termios(3).
        if (isRaw) Assert.InRange(accepted, 0, 1 << 20);
        TerminateResult result = await daemon.TerminateAsync("deaf");
        Assert.Empty(result.Left);
        await paste.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task T34_A_megabyte_pasted_into_a_program_that_reads_arrives_whole()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sum", ["sh", "-c", "stty raw -echo; printf READY; head -c 1048576 | md5sum; exec cat"]);
        await daemon.UntilScreenAsync("sum", "READY");
        byte[] paste = new byte[1 << 20];
        new Random(7).NextBytes(paste);
        await using WireClient client = await daemon.AttachAsync("sum");
        await client.TypeAsync(paste);
#pragma warning disable CA5351 // A checksum to compare with md5sum's; it protects nothing.
        string expected = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(paste));
#pragma warning restore CA5351
        await daemon.UntilScreenAsync("sum", expected);
    }

    /// <summary>T34: a line discipline that edits lines drops what is too much for a line; whoever typed it is told.</summary>
    [Fact]
    public async Task T34_What_the_line_discipline_drops_is_reported()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("lines", ["cat"]);
        await using WireClient client = await daemon.AttachAsync("lines");
        await client.MessageAsync("hello");
        await client.TypeAsync(new string('x', 5000));
        ServerMessage told = await client.MessageAsync("input_lost");
        Assert.Equal((905, 4095), (told.Bytes, told.Limit));
        await client.TypeAsync("\r");
        using HttpResponseMessage response = await daemon.Http.PostAsync("v1/sessions/lines/input", new ByteArrayContent([.. Enumerable.Repeat((byte)'y', 4100)]));
        InputResult result = System.Text.Json.JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), ApiJsonContext.Default.InputResult)!;
        Assert.Equal((4100, 5), (result.Accepted, result.Lost));
        (await daemon.CliAsync("send", "lines", "--enter", "z")).Expect(1);
    }

    /// <summary>T34: ten megabytes for a reader that stops and goes on: nothing is lost, and what waits is bounded.</summary>
    [Fact]
    public async Task T34_Ten_megabytes_pasted_into_a_slow_reader_arrive_whole()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("slow", ["sh", "-c", "stty raw -echo; printf READY; kill -STOP $$; head -c 10485760 | md5sum; exec cat"]);
        SessionObject session = await daemon.NewAsync("other", ["cat"]);
        await daemon.UntilScreenAsync("slow", "READY");
        byte[] paste = new byte[10 << 20];
        new Random(11).NextBytes(paste);
        // Noise with escapes holds what looks like answers of a terminal, which are not typed.
        paste.AsSpan().Replace((byte)0x1B, (byte)'e');
        await using WireClient client = await daemon.AttachAsync("slow");
        await client.MessageAsync("hello");
        Task typing = Task.Run(async () =>
        {
            for (int i = 0; i < paste.Length; i += 1 << 20) await client.TypeAsync(paste[i..(i + (1 << 20))]);
        });
        await daemon.TypeAsync("other", "meanwhile\r");
        await daemon.UntilScreenAsync("other", "meanwhile\nmeanwhile");
        Assert.False(typing.IsCompleted, "back-pressure");
        Assert.InRange(ResidentKilobytes(daemon.DaemonPid), 1, 200_000);
        int pid = (await daemon.SessionAsync("slow")).Pid!.Value;
        ProcessTable.Signal(ProcessTable.Find(pid)!.Value, 18);
        await typing;
#pragma warning disable CA5351 // A checksum to compare with md5sum's; it protects nothing.
        string expected = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(paste));
#pragma warning restore CA5351
        await daemon.UntilScreenAsync("slow", expected);
        Assert.NotNull(session.Pid);
    }

    /// <summary>T39: what nobody reads is not in the way of the key that interrupts.</summary>
    [Fact]
    public async Task T39_An_interrupt_overtakes_input_that_nobody_reads()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("deaf", ["bash", "-c", "trap 'echo INTERRUPTED; cat' INT; echo READY; while :; do sleep 0.1; done"]);
        await daemon.UntilScreenAsync("deaf", "READY");
        string lines = string.Concat(Enumerable.Repeat("a line that is not read\r", 10_000));
        await daemon.TypeAsync("deaf", lines);
        await daemon.TypeAsync("deaf", "\x03");
        await daemon.UntilScreenAsync("deaf", "INTERRUPTED");
        // What waited is gone, as in the line discipline itself.
        await daemon.TypeAsync("deaf", "fresh\r");
        string screen = await daemon.UntilScreenAsync("deaf", "fresh\nfresh");
        Assert.DoesNotContain("not read", screen[screen.IndexOf("INTERRUPTED", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    /// <summary>T38: two who write at once are told apart, whatever the sizes of their pieces.</summary>
    [Fact]
    public async Task T38_Two_writers_are_not_interleaved_inside_a_message()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("both", ["sh", "-c", "stty raw -echo; printf READY; exec cat >both.txt"]);
        await daemon.UntilScreenAsync("both", "READY");
        await using WireClient client = await daemon.AttachAsync("both");
        await client.MessageAsync("hello");
        const int Each = 300_000;
        string a = "<" + new string('a', Each) + ">";
        string b = "<" + new string('b', Each) + ">";
        Task typing = Task.Run(async () =>
        {
            for (int i = 0; i < 8; i++) await client.TypeAsync(a);
        });
        for (int i = 0; i < 8; i++) await daemon.TypeAsync("both", b);
        await typing;
        string file = Path.Combine(daemon.Folder, "both.txt");
        await Eventually.TrueAsync(() => new FileInfo(file).Length == 16 * (Each + 2), "all of it");
        string text = await File.ReadAllTextAsync(file);
        Assert.Equal(8, text.Split(a).Length - 1);
        Assert.Equal(8, text.Split(b).Length - 1);
    }

    /// <summary>T36: what is not decided at a message's end (alt and a bracket) is a key after a moment.</summary>
    [Fact]
    public async Task T36_Alt_and_a_bracket_are_not_held_back()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("hex", Hexadecimal);
        await daemon.UntilScreenAsync("hex", "READY");
        await using WireClient client = await daemon.AttachAsync("hex");
        await client.TypeAsync("\e[");
        // od prints sixteen at a time.
        await client.PingAsync(1);
        await Task.Delay(500);
        await client.TypeAsync("12345678901234");
        await client.UntilAsync("1b 5b 31 32 33 34 35 36 37 38 39 30 31 32 33 34");
    }

    /// <summary>T36: a paste that is cut into messages at awkward places arrives as it was.</summary>
    [Theory]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(4095)]
    [InlineData(7)]
    public async Task T36_A_bracketed_paste_in_pieces_arrives_as_it_was(int piece)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sum", ["sh", "-c", "stty raw -echo; printf READY; head -c 20012 | md5sum; exec cat"]);
        await daemon.UntilScreenAsync("sum", "READY");
        // Inside a paste an answer is text.
        string text = string.Concat(Enumerable.Repeat("\e[?62;1c paste \e[24;80R\e[A", 1000))[..20_000];
        byte[] paste = System.Text.Encoding.ASCII.GetBytes($"\e[200~{text}\e[201~");
        await using WireClient client = await daemon.AttachAsync("sum");
        await client.MessageAsync("hello");
        for (int i = 0; i < paste.Length; i += piece) await client.TypeAsync(paste[i..Math.Min(paste.Length, i + piece)]);
#pragma warning disable CA5351 // A checksum to compare with md5sum's; it protects nothing.
        await daemon.UntilScreenAsync("sum", Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(paste)));
#pragma warning restore CA5351
    }

    /// <summary>T33: a program that asked for it is told when another terminal shows it.</summary>
    [Fact]
    public async Task T33_A_takeover_is_a_loss_and_a_gain_of_focus_for_a_program_that_asked()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("focus", ["sh", "-c", "stty raw -echo; printf '\\033[?1004hREADY'; exec od -An -v -tx1 -w3"]);
        await daemon.UntilScreenAsync("focus", "READY");
        await using WireClient first = await daemon.AttachAsync("focus");
        await first.MessageAsync("hello");
        await using WireClient second = await daemon.AttachAsync("focus");
        await second.UntilAsync("1b 5b 49", await second.UntilAsync("1b 5b 4f"));
    }

    /// <summary>T35: the program echoes all it is given; neither side waits for the other for ever.</summary>
    [Fact]
    public async Task T35_A_paste_while_the_program_floods_does_not_lock_up()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("echo", ["sh", "-c", "stty raw -echo; printf READY; exec cat"]);
        await daemon.UntilScreenAsync("echo", "READY");
        await using WireClient client = await daemon.AttachAsync("echo");
        await client.MessageAsync("hello");
        for (int i = 0; i < 64; i++) await client.TypeAsync(new string((char)('a' + (i % 26)), 16 * 1024));
        await client.TypeAsync("THE END");
        await client.UntilAsync("THE END");
    }

    /// <summary>T52: many sizes in a row; the last one holds.</summary>
    [Fact]
    public async Task T52_Of_a_storm_of_sizes_the_last_one_holds()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("storm", ["bash", "--norc"]);
        await using WireClient client = await daemon.AttachAsync("storm", "cols=80&rows=24");
        await client.MessageAsync("hello");
        for (int i = 0; i < 1000; i++) await client.ResizeAsync(40 + (i % 100), 10 + (i % 50));
        await client.ResizeAsync(91, 27);
        await Eventually.TrueAsync(async () => (await daemon.SessionAsync("storm")).Size == new SizeObject(91, 27), "the last size");
        await client.TypeAsync("stty size\r");
        await client.UntilAsync("27 91");
    }

    [Fact]
    public async Task An_observers_window_does_not_hinder_the_last_size_from_staying()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("sized", ["cat"]);
        await using (WireClient client = await daemon.AttachAsync("sized", "cols=120&rows=50")) await client.MessageAsync("hello");
        await Eventually.TrueAsync(async () => !(await daemon.SessionAsync("sized")).Attached, "nobody is attached");
        Assert.Equal(new SizeObject(120, 50), (await daemon.SessionAsync("sized")).Size);
    }

    private static long CpuTicks(int pid)
    {
        string text = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static long ResidentKilobytes(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
