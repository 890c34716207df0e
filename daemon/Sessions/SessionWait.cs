using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
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
    private const int MaxText = 64 * 1024;

    private const int ReadSize = 64 * 1024;

    /// <summary>Until the program ends; at once when it has.</summary>
    internal async Task<WaitResult> ExitAsync(CancellationToken cancellation)
    {
        (bool runs, ExitStatus? status, Task over) = session.Run;
        if (runs)
        {
            await over.WaitAsync(cancellation);
            status = session.Run.LastExit;
        }

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
    internal async Task<WaitResult> PromptAsync(CancellationToken cancellation)
    {
        while (!await session.IsAtPromptAsync())
        {
            if (session.Run is { Runs: false, LastExit: { } status }) return Ended(status);
            await Task.Delay(LookInterval, time, cancellation);
        }

        return new WaitResult(true, null, null);
    }

    /// <summary>Until a text is on the screen, or is printed.</summary>
    /// <param name="pattern">What to look for.</param>
    /// <param name="since">Looks only at what was printed from this offset on; null: at the screen and at what is printed from now on.</param>
    /// <param name="cancellation">The time is up.</param>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    internal async Task<WaitResult> TextAsync(Regex pattern, long? since, CancellationToken cancellation)
    {
        long position = since ?? session.Journal.Written;
        var printed = new StringBuilder();
        var plain = new PlainText();
        byte[] buffer = new byte[ReadSize];
        while (true)
        {
            // Asked before the look: what comes after it is seen in the next round.
            (bool runs, ExitStatus? status, Task over) = session.Run;
            bool isOver = !runs;
            position = ReadNews(position, plain, printed, buffer);
            Match match = pattern.Match(printed + plain.OpenLine);
            if (!match.Success && since is null) match = pattern.Match(Screen());
            if (match.Success) return new WaitResult(true, null, match.Value);
            if (isOver && session.Journal.Written <= position) return Ended(status!.Value);
            if (printed.Length > MaxText) printed.Remove(0, printed.Length - MaxText);
            await Task.WhenAny(session.Log.MoreThan(position), over).WaitAsync(cancellation);
            if (isOver || over.IsCompleted) continue;
            await Task.Delay(LookInterval, time, cancellation);
        }
    }

    private static WaitResult Ended(ExitStatus status) => new(false, status.ShellCode, null);

    private long ReadNews(long position, PlainText plain, StringBuilder printed, byte[] buffer)
    {
        long end = session.Journal.Written;
        var text = new ArrayBufferWriter<byte>();
        while (position < end)
        {
            int count = session.Log.Read(position, buffer, out long offset);
            if (count == 0) break;
            position = offset + count;
            plain.Write(buffer.AsSpan(0, count), text);
        }

        printed.Append(Encoding.UTF8.GetString(text.WrittenSpan));
        return position;
    }

    private string Screen()
    {
        var text = new ArrayBufferWriter<byte>();
        session.Render(terminal => ScreenRenderer.WriteText(terminal, text));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
