using System.Buffers;
using Sessiond.Vt;

namespace Sessiond.Daemon.Logs.Formats;

/// <summary>Text without escape sequences.</summary>
internal sealed class TextFormat : LogFormat
{
    private readonly PlainText _filter = new();

    /// <inheritdoc/>
    internal override string ContentType => "text/plain; charset=utf-8";

    /// <inheritdoc/>
    internal override void Write(long offset, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output) => _filter.Write(bytes, output);

    /// <inheritdoc/>
    internal override void Flush(ArrayBufferWriter<byte> output) => _filter.Flush(output);
}
