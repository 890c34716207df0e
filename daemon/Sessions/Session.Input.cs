using Sessiond.Daemon.Attach;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>The way of an input byte: attachment or API, the program's queue, the pty.</summary>
internal sealed partial class Session
{
    /// <summary>How long the API waits for a program that does not read, before it says how much was taken.</summary>
    private static readonly TimeSpan InputPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long what is typed by programs waits for a shell that has just started to edit lines: shells throw away what was typed before.</summary>
    private static readonly TimeSpan ShellPatience = TimeSpan.FromSeconds(5);

    /// <summary>Quiet time after which a shell that edits no lines (dash) counts as ready.</summary>
    private static readonly TimeSpan ShellQuiet = TimeSpan.FromMilliseconds(700);

    /// <summary>How often is looked whether a shell is ready: nothing announces it.</summary>
    private static readonly TimeSpan ShellPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>Pause before an enter that follows a text: what comes in one read together with text is a paste to many programs, and no key.</summary>
    private static readonly TimeSpan EnterPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Completed when the input queue has room again; replaced by each waiter. Loop's thread.</summary>
    private TaskCompletionSource? _inputRoom;

    private bool _takesLastInput; // loop's thread

    /// <summary>Who is in the middle of a message: another's input would end up inside it, maybe inside a sequence (T38). Loop's thread.</summary>
    private object? _writer;

    private long _lastEnterOffset = -1; // loop's thread: the journal when a line was last entered

    /// <summary>Bytes that may be read from a client now. Without a program input goes nowhere and holds nobody up.</summary>
    internal int InputRoomFor(object writer) => _isQuiet && !_takesLastInput ? 0 : _writer is null || _writer == writer ? _program?.InputRoom ?? int.MaxValue : 0;

    /// <summary>Takes a controller's input. Loop's thread; the caller read no more than <see cref="InputRoomFor"/>.</summary>
    /// <param name="writer">Whose it is.</param>
    /// <param name="bytes">The input.</param>
    /// <param name="isPart">More of the same message follows.</param>
    internal void TypeAs(Attachment writer, ReadOnlySpan<byte> bytes, bool isPart)
    {
        if (!bytes.IsEmpty && _program is { } program)
        {
            Touch();
            NoteEnter(bytes);
            int taken = program.Type(bytes);
            // The filter may have held some bytes back when there was less room.
            if (taken < bytes.Length) program.TypeReply(bytes[taken..]);
            if (program.TakeLost() is var lost and > 0)
            {
                _services.Logger.InputLost(Name, lost);
                writer.Send(new ServerMessage { Type = "input_lost", Bytes = lost, Limit = LineLength.Max });
            }
        }

        if (isPart) _writer = writer;
        else EndInput(writer);
    }

    /// <summary>
    /// A key that makes a signal overtakes what the program has not read, whoever is in the middle of a message; it may be there several times, for a person who presses it
    /// again. Loop's thread.
    /// </summary>
    /// <returns>False: it is typed like any other input.</returns>
    internal bool TryInterrupt(ReadOnlySpan<byte> keys)
    {
        if (_isQuiet || _program is not { } program || !program.TryInterrupt(keys)) return false;
        Touch();
        return true;
    }

    /// <summary>Takes what was read from a client that is gone: it has room where a client's input has none. Loop's thread.</summary>
    internal void TypeLast(Attachment writer, ReadOnlySpan<byte> bytes)
    {
        if (_writer is null || _writer == writer) _program?.TypeReply(bytes);
        else _services.Logger.LastInputLost(Name, bytes.Length);
    }

    /// <summary>A writer's message is over, or the writer is gone. Loop's thread.</summary>
    internal void EndInput(object writer)
    {
        if (_writer != writer) return;
        _writer = null;
        OnInputRoom();
    }

    /// <summary>Takes input of the API; waits for room, but not for ever. Any thread.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="enter">Presses enter after it.</param>
    /// <param name="cancellation">The client went away.</param>
    internal async Task<InputResult> TypeAsync(ReadOnlyMemory<byte> bytes, bool enter, CancellationToken cancellation)
    {
        await ShellReadyAsync(cancellation);
        object writer = new();
        try
        {
            (int taken, long lost) = await TypePiecesAsync(writer, bytes, cancellation);
            if (!enter || taken < bytes.Length) return new InputResult(taken, lost == 0 ? null : lost, _journal.Written);
            if (taken > 0) await Task.Delay(EnterPause, _services.Time, cancellation);
            (int entered, long more) = await TypePiecesAsync(writer, "\r"u8.ToArray(), cancellation);
            lost += more;
            return new InputResult(taken + entered, lost == 0 ? null : lost, _journal.Written);
        }
        finally
        {
            Post(() => EndInput(writer));
        }
    }

    /// <summary>The program took some of its input, or a writer is done. Loop's thread.</summary>
    internal void OnInputRoom()
    {
        _inputRoom?.TrySetResult();
        _inputRoom = null;
        foreach (Attachment attachment in _attachments) attachment.ResumeInput();
    }

    private async Task<(int Taken, long Lost)> TypePiecesAsync(object writer, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        int taken = 0;
        long lost = 0;
        while (taken < bytes.Length)
        {
            ReadOnlyMemory<byte> rest = bytes[taken..];
            var step = new TaskCompletionSource<(int Taken, long Lost, Task? Room)>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(() => step.SetResult(TypeOnLoop(writer, rest.Span)));
            (int count, long dropped, Task? room) = await step.Task;
            taken += count;
            lost += dropped;
            if (room is null) break;
            try
            {
                await room.WaitAsync(InputPatience, _services.Time, cancellation);
            }
            catch (TimeoutException)
            {
                break;
            }
        }

        return (taken, lost);
    }

    private (int Taken, long Lost, Task? Room) TypeOnLoop(object writer, ReadOnlySpan<byte> bytes)
    {
        if (_program is not { } program) return (0, 0, null);
        if (TryInterrupt(bytes)) return (bytes.Length, 0, null);
        int taken = 0;
        if (!_isQuiet && (_writer is null || _writer == writer))
        {
            Touch();
            NoteEnter(bytes);
            _writer = writer;
            taken = program.Type(bytes);
        }

        long lost = program.TakeLost();
        if (taken == bytes.Length) return (taken, lost, null);
        _inputRoom ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (taken, lost, _inputRoom.Task);
    }

    private void NoteEnter(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAny((byte)'\r', (byte)'\n')) return;
        _lastEnterOffset = _journal.Written;
        _promptsAtEnter = _prompts;
        _ranSinceEnter = false;
    }

    /// <summary>
    /// Waits, but not for long, until a shell that has just started edits its first line: zsh throws away what was typed before, and others print it twice (T39). A
    /// person who types sees what becomes of it; a program does not.
    /// </summary>
    private async Task ShellReadyAsync(CancellationToken cancellation)
    {
        while (IsLedByShell && _program is { IsCanonical: true } && _startedAt is { } start && _services.Time.GetUtcNow() - start < ShellPatience)
        {
            bool hasPrinted = _journal.Written > _offsetAtStart;
            if (hasPrinted && QuietFor > ShellQuiet.TotalMilliseconds) return;
            await Task.Delay(ShellPoll, _services.Time, cancellation);
        }
    }
}
