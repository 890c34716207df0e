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
        long before = CpuTicks(daemon.Pid);
        for (int i = 0; i < 20; i++)
        {
            await daemon.TypeAsync("other", $"answer {i}\r");
            await daemon.UntilScreenAsync("other", $"answer {i}");
        }

        // Polling a full pty would take hundreds of ticks of 10 ms by now.
        Assert.InRange(CpuTicks(daemon.Pid) - before, 0, 200);
        Assert.InRange(ResidentKilobytes(daemon.Pid), 1, 200_000);
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
