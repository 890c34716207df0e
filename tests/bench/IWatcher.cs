namespace Sessiond.Bench;

/// <summary>One attachment, seen as bytes: a pty or a WebSocket. One thread.</summary>
internal interface IWatcher : IDisposable
{
    /// <summary>Waits for output. What is returned is valid until the next call; empty at the end.</summary>
    ReadOnlySpan<byte> Read();

    /// <summary>Types.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
