using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>Frames of friendly and hostile clients (T97).</summary>
public sealed class WebSocketReaderTests
{
    private readonly RecordingSink _sink = new();
    private readonly WebSocketReader _reader;

    public WebSocketReaderTests() => _reader = new WebSocketReader(_sink);

    [Fact]
    public void A_message_is_unmasked_and_delivered()
    {
        Assert.Equal(0, _reader.Read(ClientFrame.Text("hello")));
        Assert.Equal(["text:hello"], _sink.Seen);
    }

    [Fact]
    public void An_empty_message_is_a_message()
    {
        Assert.Equal(0, _reader.Read(ClientFrame.Binary([])));
        Assert.Equal(["binary:"], _sink.Seen);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Every_form_of_the_length_is_read(int length)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        Assert.Equal(0, _reader.Read(ClientFrame.Binary(payload)));
        Assert.Equal("binary:" + System.Text.Encoding.Latin1.GetString(payload), Assert.Single(_sink.Seen));
    }

    /// <summary>However the bytes are cut on their way, the same messages come out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void T97_Frames_cut_anywhere_give_the_same_messages(int step)
    {
        byte[] stream =
        [
            .. ClientFrame.Text("one"), .. ClientFrame.Of(0x89, [1, 2]), .. ClientFrame.Binary(new byte[200]), .. ClientFrame.Of(0x01, "fra"u8.ToArray()),
            .. ClientFrame.Of(0x8A, []), .. ClientFrame.Of(0x00, "gmen"u8.ToArray()), .. ClientFrame.Of(0x80, "ts"u8.ToArray()), .. ClientFrame.Text(""),
        ];
        for (int i = 0; i < stream.Length; i += step) Assert.Equal(0, _reader.Read(stream.AsSpan(i, Math.Min(step, stream.Length - i))));
        Assert.Equal(["text:one", "control 9:\u0001\u0002", "binary:" + new string('\0', 200), "control 10:", "text:fragments", "text:"], _sink.Seen);
    }

    public static TheoryData<byte[], int> Wrong => new()
    {
        { [0x81, 0x05, .. "hello"u8], CloseCode.ProtocolError }, // not masked
        { ClientFrame.Of(0xC1, [1]), CloseCode.ProtocolError }, // RSV1 without an extension
        { ClientFrame.Of(0xA1, [1]), CloseCode.ProtocolError },
        { ClientFrame.Of(0x91, [1]), CloseCode.ProtocolError },
        { ClientFrame.Of(0x83, [1]), CloseCode.ProtocolError }, // reserved opcodes
        { ClientFrame.Of(0x8B, [1]), CloseCode.ProtocolError },
        { ClientFrame.Of(0x80, [1]), CloseCode.ProtocolError }, // a continuation of nothing
        { ClientFrame.Of(0x09, [1]), CloseCode.ProtocolError }, // control frames are whole
        { ClientFrame.Of(0x89, new byte[126]), CloseCode.ProtocolError }, // and small
        { [.. ClientFrame.Of(0x01, [1]), .. ClientFrame.Text("x")], CloseCode.ProtocolError }, // a message within a message
        { ClientFrame.Header(0x82, (16 << 20) + 1), CloseCode.TooLarge },
        { ClientFrame.Header(0x82, 100 << 20), CloseCode.TooLarge },
        { ClientFrame.Header(0x82, uint.MaxValue), CloseCode.TooLarge },
        { ClientFrame.Header(0x82, long.MaxValue), CloseCode.TooLarge },
        { ClientFrame.Header(0x82, ulong.MaxValue), CloseCode.TooLarge },
        { [.. ClientFrame.Of(0x02, [1]), .. ClientFrame.Header(0x80, 16 << 20)], CloseCode.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void T97_A_frame_against_the_rules_gives_its_close_code(byte[] bytes, int code) => Assert.Equal(code, _reader.Read(bytes));

    [Fact]
    public void T97_The_largest_message_is_taken_piece_by_piece()
    {
        Assert.Equal(0, _reader.Read(ClientFrame.Header(0x82, 16 << 20)));
        byte[] piece = new byte[64 * 1024];
        for (int i = 0; i < 256; i++) Assert.Equal(0, _reader.Read(piece));
        Assert.Equal(256, _sink.Pieces);
        Assert.Equal(16 << 20, _sink.Bytes);
        Assert.Single(_sink.Seen);
    }

    [Fact]
    public void T97_A_million_tiny_frames_are_read_without_growing()
    {
        byte[] tiny = ClientFrame.Of(0x8A, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new WebSocketReader(new Ignoring());
        for (int i = 0; i < 1_000_000; i++) _ = reader.Read(tiny);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    /// <summary>Whatever a client sends, the reader answers with a code or goes on.</summary>
    [Fact]
    public void T97_Noise_never_throws()
    {
        var random = new Random(97);
        for (int run = 0; run < 2000; run++)
        {
            byte[] noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            // A client that masks gets further in.
            if (run % 2 == 0 && noise.Length > 1) noise[1] |= 0x80;
            int code = new WebSocketReader(new Ignoring()).Read(noise);
            Assert.Contains(code, new[] { 0, CloseCode.ProtocolError, CloseCode.TooLarge });
        }
    }

    private sealed class Ignoring : IWebSocketSink
    {
        public void OnMessage(bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
        {
        }

        public void OnControl(int opcode, ReadOnlySpan<byte> payload)
        {
        }
    }
}
