using System.Text;

namespace Sessiond.Daemon.Tests;

/// <summary>A stream whose reader takes nothing until it goes on.</summary>
/// <param name="last">In the line that ends the test.</param>
internal sealed class StoppedReader(string last) : MemoryStream
{
    private readonly ManualResetEventSlim _goesOn = new();
    private readonly TaskCompletionSource<string> _text = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that was written, once the last line was.</summary>
    internal Task<string> Text => _text.Task;

    public override void Write(byte[] buffer, int offset, int count)
    {
        _goesOn.Wait();
        base.Write(buffer, offset, count);
        if (Encoding.UTF8.GetString(buffer, offset, count).Contains(last, StringComparison.Ordinal)) _text.TrySetResult(Encoding.UTF8.GetString(ToArray()));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        byte[] bytes = buffer.ToArray();
        Write(bytes, 0, bytes.Length);
    }

    internal void GoOn() => _goesOn.Set();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _goesOn.Dispose();
        base.Dispose(disposing);
    }
}
