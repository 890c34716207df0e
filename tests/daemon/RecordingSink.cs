using System.Text;
using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Tests;

/// <summary>Writes down what a reader finds: messages whole, and control frames.</summary>
internal sealed class RecordingSink : IWebSocketSink
{
    private readonly List<byte> _open = [];

    /// <summary>One line a message: <c>text:…</c>, <c>binary:…</c> or <c>control N:…</c>.</summary>
    internal List<string> Seen { get; } = [];

    internal int Pieces { get; private set; }

    internal long Bytes { get; private set; }

    public void OnMessage(bool isText, ReadOnlySpan<byte> piece, bool isFirst, bool isLast)
    {
        Assert.Equal(_open.Count == 0 && !_hasBegun, isFirst);
        _hasBegun = !isLast;
        Pieces++;
        Bytes += piece.Length;
        _open.AddRange(piece);
        if (!isLast) return;
        Seen.Add($"{(isText ? "text" : "binary")}:{Encoding.Latin1.GetString([.. _open])}");
        _open.Clear();
    }

    public void OnControl(int opcode, ReadOnlySpan<byte> payload) => Seen.Add($"control {opcode}:{Encoding.Latin1.GetString(payload)}");

    private bool _hasBegun;
}
