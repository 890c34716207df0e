using System.Buffers.Binary;
using System.Text;
using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>What a server writes, RFC 6455 section 5.2.</summary>
public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData(0, new byte[] { 0x82, 0 })]
    [InlineData(125, new byte[] { 0x82, 125 })]
    [InlineData(126, new byte[] { 0x82, 126, 0, 126 })]
    [InlineData(65_535, new byte[] { 0x82, 126, 0xFF, 0xFF })]
    [InlineData(65_536, new byte[] { 0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0 })]
    public void The_shortest_form_of_the_length_is_written(int length, byte[] header)
    {
        Span<byte> target = stackalloc byte[WebSocketFrame.MaxHeader];
        int written = WebSocketFrame.WriteHeader(target, WebSocketFrame.OpBinary, length);
        Assert.Equal(header, target[..written].ToArray());
    }

    [Fact]
    public void A_close_carries_its_code_and_a_reason_cut_at_a_whole_character()
    {
        byte[] frame = WebSocketFrame.EncodeClose(4001, new string('漢', 100));
        Assert.Equal(0x88, frame[0]);
        Assert.Equal(frame.Length - 2, frame[1]);
        Assert.InRange(frame[1], 100, WebSocketFrame.MaxControlPayload);
        Assert.Equal(4001, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)));
        string reason = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(frame.AsSpan(4));
        Assert.Equal(new string('漢', 41), reason);
    }
}
