using System.Buffers;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// A terminal that is restored from a checkpoint is the one that wrote it, also when that one went on for a while before it died (I9).
/// </summary>
public sealed class CheckpointTests
{
    private const int StreamLength = 80;
    private static readonly int _streams = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_FUZZ_STREAMS") ?? "600");

    [Theory]
    [InlineData(20, 6, 500_000)]
    [InlineData(5, 2, 600_000)]
    [InlineData(40, 12, 700_000)]
    public void A_restored_terminal_is_as_the_one_that_died_was(int columns, int rows, int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + (_streams / 3); seed++)
        {
            List<byte[]> pieces = new StreamGrammar(seed, columns, rows) { WithGarbage = true }.Pieces(StreamLength);
            if (Check(pieces, columns, rows, seed) is not null)
            {
                pieces = Shrinking.Shrink(pieces, p => Check(p, columns, rows, seed) is not null);
                Assert.Fail($"seed {seed} {columns}x{rows}: {StateAssert.Printable(pieces.SelectMany(static p => p))}\n{Check(pieces, columns, rows, seed)}");
            }
        }
    }

    [Fact]
    public void Scrollback_is_not_copied_into_a_checkpoint()
    {
        var terminal = new Vt.Terminal(new TerminalOptions { ScrollbackMemory = new TestScrollbackMemory() }, new RecordingHost());
        for (int i = 0; i < 10_000; i++) terminal.Feed($"line {i}\r\n");
        Assert.Equal(10_000 - terminal.Rows + 1, terminal.ScrollbackCount);
        Assert.InRange(Checkpoint(terminal).Length, 100, 4096);
    }

    [Fact]
    public void A_long_open_string_goes_on()
    {
        var host = new RecordingHost();
        var terminal = new Vt.Terminal(new TerminalOptions(), host);
        terminal.Feed("\e]52;c;" + new string('A', 10_000));
        Vt.Terminal restored = Vt.Terminal.Restore(Checkpoint(terminal), new TerminalOptions(), host);
        Assert.Equal(terminal.Offset, restored.Offset);
        restored.Feed("AAAA\e\\");
        Assert.Equal(["clipboard c 10004"], host.Events);
        Assert.Equal(restored.Offset, restored.Ranges[^1].End);
    }

    [Fact]
    public void What_a_client_may_not_see_is_kept()
    {
        var host = new RecordingHost();
        var terminal = new Vt.Terminal(new TerminalOptions(), host) { ForegroundGroup = 77 };
        terminal.SetProfile(new TerminalProfile { Background = 0x123456, Cursor = 5, Palette = [1, 2, 3], PixelWidth = 800, KittyKeyboard = false });
        terminal.Feed("\e[c\e]52;c;AAAA\a\e[?1003h\e[>5u\e[?2026h\e[?2026s");
        Vt.Terminal restored = Vt.Terminal.Restore(Checkpoint(terminal), new TerminalOptions(), host);
        Assert.Equal(terminal.Ranges.ToArray(), restored.Ranges.ToArray());
        Assert.Equal([77], restored.ModeOwners);
        host.ClearReplies();
        restored.Feed("\e[?2026$p\e]11;?\a");
        Assert.Equal("\e[?2026;1$y\e]11;rgb:1212/3434/5656\a", host.Replies);
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused()
    {
        var terminal = new Vt.Terminal(new TerminalOptions(), new RecordingHost());
        terminal.Feed("text");
        byte[] checkpoint = Checkpoint(terminal);
        for (int length = 0; length < checkpoint.Length; length++)
        {
            byte[] cut = checkpoint[..length];
            Assert.Throws<InvalidDataException>(() => Vt.Terminal.Restore(cut, new TerminalOptions(), new RecordingHost()));
        }

        checkpoint[0]++;
        Assert.Throws<InvalidDataException>(() => Vt.Terminal.Restore(checkpoint, new TerminalOptions(), new RecordingHost()));
    }

    private static string? Check(List<byte[]> pieces, int columns, int rows, int seed)
    {
        var random = new Random(seed);
        var memory = new TestScrollbackMemory();
        var options = new TerminalOptions { Columns = columns, Rows = rows, ScrollbackLines = 40, ScrollbackMemory = memory };
        var host = new RecordingHost();
        var terminal = new Vt.Terminal(options, host);
        for (int at = 0; at < pieces.Count;)
        {
            at = Go(terminal, pieces, at, random);
            byte[] checkpoint = Checkpoint(terminal);
            memory.Committed();
            string expected = terminal.Describe();
            long offset = terminal.PublishOffset;
            byte[] tail = Tail(pieces, at, terminal.Offset - offset);

            // It goes on, and dies; what it did since the checkpoint is lost.
            Go(terminal, pieces, at, random);
            memory.Died();
            host = new RecordingHost();
            terminal = Vt.Terminal.Restore(checkpoint, options, host);
            if (terminal.Offset != offset) return $"offset {terminal.Offset} and not {offset}";
            if (StateAssert.Difference(expected, terminal.Describe()) is { } difference) return $"after {at} pieces\n{difference}";
            if (host.Replies.Length + host.Events.Count > 0) return $"told after {at} pieces: {host.Replies} {string.Join(' ', host.Events)}";
            terminal.Feed(tail);
        }

        var whole = TestTerminals.Fresh(columns, rows, scrollback: 40);
        foreach (byte[] piece in pieces) whole.Feed(piece);
        return StateAssert.Difference(whole.Describe(), terminal.Describe());
    }

    private static int Go(Vt.Terminal terminal, List<byte[]> pieces, int at, Random random)
    {
        int end = Math.Min(pieces.Count, at + random.Next(1, 20));
        for (; at < end; at++) terminal.Feed(pieces[at]);
        return end;
    }

    private static byte[] Tail(List<byte[]> pieces, int count, long length)
    {
        byte[] fed = [.. pieces.Take(count).SelectMany(static p => p)];
        return fed[^(int)length..];
    }

    private static byte[] Checkpoint(Vt.Terminal terminal)
    {
        var output = new ArrayBufferWriter<byte>();
        terminal.WriteCheckpoint(output);
        return output.WrittenSpan.ToArray();
    }
}
