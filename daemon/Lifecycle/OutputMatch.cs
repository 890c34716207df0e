using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Sessiond.Daemon.Logs;
using Sessiond.Vt;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Looks for a text in what a session prints, without its escape sequences, also in a line that has not ended.</summary>
internal static class OutputMatch
{
    /// <summary>Bytes looked at together: a pattern may span lines, but not for ever.</summary>
    private const int Window = 64 * 1024;

    /// <summary>An expression that backtracks for ever on a hostile line is no match there.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>Follows the log until something matches.</summary>
    /// <param name="log">Of the session.</param>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The matched text; null when the session is gone before.</returns>
    internal static async Task<string?> FindAsync(SessionLog log, string pattern, long position, CancellationToken cancellation)
    {
        var expression = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Multiline, MatchLimit);
        byte[] window = new byte[Window];
        int kept = 0;
        while (!log.IsDeleted)
        {
            int count = log.Read(position, window.AsSpan(kept), out long offset);
            if (count == 0)
            {
                await log.MoreThan(position).WaitAsync(cancellation);
                continue;
            }

            position = offset + count;
            kept += count;
            if (Match(expression, window.AsSpan(0, kept)) is { } match) return match;
            // The newer half stays: what spans two reads is found in the next one.
            int rest = Math.Min(kept, Window / 2);
            window.AsSpan(kept - rest, rest).CopyTo(window);
            kept = rest;
        }

        return null;
    }

    private static string? Match(Regex expression, ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 16);
        var filter = new PlainText();
        filter.Write(bytes, output);
        filter.Flush(output);
        try
        {
            Match match = expression.Match(Encoding.UTF8.GetString(output.WrittenSpan));
            return match.Success ? match.Value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
