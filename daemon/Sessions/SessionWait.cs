using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Sessiond.Daemon.Endpoint;
using Sessiond.Pty;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>Waits for something to happen in a session, for POST …/wait.</summary>
internal sealed class SessionWait(Session session, TimeProvider time)
{
    /// <summary>Between two looks at a session that prints: a pattern costs time for each.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Characters of printed text that a match may reach back over.</summary>
    internal const int MaxText = 64 * 1024;

    /// <summary>Bytes of one look: a byte may move the cursor over many columns, which are spaces in the text of its line.</summary>
    private const int ReadSize = 16 * 1024;

    /// <summary>Until the program ends; at once when it has.</summary>
    internal async Task<WaitResult> ExitAsync(CancellationToken cancellation)
    {
        ExitStatus? status = await session.Run.Over.WaitAsync(cancellation);
        return new WaitResult(true, status?.ShellCode, null);
    }

    /// <summary>Until nothing was printed for a time, which begins now.</summary>
    internal async Task<WaitResult> IdleAsync(TimeSpan idle, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            TimeSpan quiet = TimeSpan.FromMilliseconds(Math.Min(session.QuietFor, time.GetElapsedTime(start).TotalMilliseconds));
            if (quiet >= idle) return new WaitResult(true, null, null);
            await Task.Delay(idle - quiet + TimeSpan.FromMilliseconds(1), time, cancellation);
        }
    }

    /// <summary>Until the shell waits for a command.</summary>
    /// <exception cref="RequestException">409: the program was not started, and nothing is going to start it.</exception>
    internal async Task<WaitResult> PromptAsync(CancellationToken cancellation)
    {
        while (!await session.IsAtPromptAsync())
        {
            if (session.Run is { Runs: false, Over: var over }) return Ended(await over);
            await Task.Delay(LookInterval, time, cancellation);
        }

        return new WaitResult(true, null, null);
    }

    /// <summary>Until a text is on the screen, or is printed.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="since">Looks only at what was printed from this offset on; null: at the screen and at what is printed from now on.</param>
    /// <param name="cancellation">The time is up.</param>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    /// <exception cref="RequestException">409: the program was not started, and nothing is going to start it.</exception>
    internal async Task<WaitResult> TextAsync(Regex pattern, long? since, CancellationToken cancellation)
    {
        long position = since ?? session.Journal.Written;
        string printed = "";
        var plain = new PlainText();
        byte[] buffer = new byte[ReadSize];
        while (true)
        {
            // Asked before the look: what comes after it is seen in the next round.
            (bool runs, Task<ExitStatus?> over) = session.Run;
            long end = session.Journal.Written;
            int count;
            do
            {
                // Piece by piece: a log may be longer than one look can take.
                cancellation.ThrowIfCancellationRequested();
                count = session.Log.Read(position, buffer, out long offset);
                if (count > 0) position = offset + count;
                printed += LinesOf(buffer.AsSpan(0, count), plain);
                // The last line of all counts as it is now; one that a piece cuts does not.
                if (pattern.Match(position < end ? printed : printed + plain.OpenLine) is { Success: true } match) return new WaitResult(true, null, match.Value);
                printed = LastLines(printed);
            }
            while (count > 0 && position < end);
            if (since is null && pattern.Match(Screen()) is { Success: true } shown) return new WaitResult(true, null, shown.Value);
            if (!runs && session.Journal.Written <= position) return Ended(await over);
            await Task.WhenAny(session.Log.MoreThan(position), over).WaitAsync(cancellation);
            if (!runs || over.IsCompleted) continue;
            await Task.Delay(LookInterval, time, cancellation);
        }
    }

    private static WaitResult Ended(ExitStatus? status) => status is { } given
        ? new WaitResult(false, given.ShellCode, null)
        : throw new RequestException(409, "not started", "the session's program was not started");

    /// <summary>The lines that end in a piece.</summary>
    private static string LinesOf(ReadOnlySpan<byte> piece, PlainText plain)
    {
        var text = new ArrayBufferWriter<byte>();
        plain.Write(piece, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>The last whole lines that are no more than a match may reach back over: in the rest of a cut one <c>^</c> would match.</summary>
    internal static string LastLines(string text)
    {
        if (text.Length <= MaxText) return text;
        int end = text.IndexOf('\n', text.Length - MaxText - 1);
        return end < 0 ? "" : text[(end + 1)..];
    }

    private string Screen()
    {
        var text = new ArrayBufferWriter<byte>();
        session.Render(terminal => ScreenRenderer.WriteText(terminal, text));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
