using System.Buffers;

namespace Sessiond.Daemon.Logs.Formats;

/// <summary>Turns the bytes of a log into what was asked for.</summary>
internal abstract class LogFormat
{
    internal const string Names = "text, raw, cast";

    /// <summary>Media type of the answer.</summary>
    internal abstract string ContentType { get; }

    /// <summary>The format of a name; null: there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="readMarks">The log's index.</param>
    internal static LogFormat? Find(string name, Func<IReadOnlyList<LogMark>> readMarks) => name switch
    {
        "text" => new TextFormat(),
        "raw" => new RawFormat(),
        "cast" => new CastFormat(readMarks),
        _ => null,
    };

    /// <summary>Takes bytes that follow the last ones.</summary>
    internal abstract void Write(long offset, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output);

    /// <summary>Some bytes were not kept.</summary>
    internal void WriteCut(long from, long to, ArrayBufferWriter<byte> output) =>
        Write(from, System.Text.Encoding.ASCII.GetBytes($"\r\n[sessiond: bytes {from} to {to} were not kept]\r\n"), output);

    /// <summary>No more will come.</summary>
    internal virtual void Flush(ArrayBufferWriter<byte> output)
    {
    }
}
