using System.Buffers;

namespace Sessiond.Daemon.Logs.Formats;

/// <summary>The bytes as the program printed them.</summary>
internal sealed class RawFormat : LogFormat
{
    /// <inheritdoc/>
    internal override string ContentType => "application/octet-stream";

    /// <inheritdoc/>
    internal override void Write(long offset, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output) => output.Write(bytes);
}
