namespace Sessiond.Daemon.Logs;

/// <summary>What a session printed in an earlier life of the devbox: nothing is added to it any more.</summary>
/// <param name="folder">Where it is.</param>
internal sealed class EarlierLog(string folder)
{
    private readonly IReadOnlyList<(long Offset, string Path)> _files = new LogFiles(folder, 0).List();

    /// <summary>When everything was printed.</summary>
    internal IReadOnlyList<LogMark> ReadMarks() => new LogMarks(() => folder).Read();

    /// <summary>Reads from a position on.</summary>
    /// <inheritdoc cref="LogFiles.Read"/>
    internal int Read(long position, Span<byte> target, out long offset) => LogFiles.Read(_files, position, target, out offset);
}
