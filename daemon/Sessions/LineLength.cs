using System.Buffers;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Measures the lines of typed input: a line discipline that edits lines keeps 4095 bytes of one and drops the rest without a word, termios(3).
/// </summary>
internal sealed class LineLength
{
    /// <summary>Bytes of one line that the kernel keeps (N_TTY_BUF_SIZE less one for the end of the line).</summary>
    internal const int Max = 4095;

    /// <summary>What ends a line, or empties it: newline, return, and the keys of VINTR, VEOF, VKILL, VSUSP and VQUIT as they usually are.</summary>
    private static readonly SearchValues<byte> Ends = SearchValues.Create([0x0A, 0x0D, 0x03, 0x04, 0x15, 0x1A, 0x1C]);

    private long _length;
    private long _excess;

    /// <summary>Takes input; returns how many bytes of it, and of what was noted since <see cref="TakeExcess"/>, are too many for their line.</summary>
    internal long Note(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOfAny(Ends);
            int count = end < 0 ? bytes.Length : end;
            _excess += Math.Max(0, _length + count - Math.Max(Max, _length));
            _length = end < 0 ? _length + count : 0;
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }

        return _excess;
    }

    internal long TakeExcess()
    {
        long excess = _excess;
        _excess = 0;
        return excess;
    }

    internal void Reset() => _length = 0;
}
