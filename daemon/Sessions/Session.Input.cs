using Sessiond.Daemon.Attach;

namespace Sessiond.Daemon.Sessions;

/// <summary>The way of an input byte: attachment or API, the program's queue, the pty.</summary>
internal sealed partial class Session
{
    /// <summary>How long the API waits for a program that does not read, before it says how much was taken.</summary>
    private static readonly TimeSpan InputPatience = TimeSpan.FromSeconds(5);

    /// <summary>Completed when the input queue has room again; replaced by each waiter. Loop's thread.</summary>
    private TaskCompletionSource? _inputRoom;

    private bool _takesLastInput; // loop's thread

    /// <summary>Bytes that may be read from a client now. Without a program input goes nowhere and holds nobody up.</summary>
    internal int InputRoom => _isQuiet && !_takesLastInput ? 0 : _program?.InputRoom ?? int.MaxValue;

    /// <summary>Takes a controller's input. Loop's thread; the caller read no more than <see cref="InputRoom"/>.</summary>
    internal void Type(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        Touch();
        _program?.Type(bytes);
    }

    /// <summary>Takes input of the API; waits for room, but not for ever. Any thread.</summary>
    /// <returns>Bytes that the queue took.</returns>
    internal async Task<int> TypeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        int taken = 0;
        while (taken < bytes.Length)
        {
            ReadOnlyMemory<byte> rest = bytes[taken..];
            var step = new TaskCompletionSource<(int Taken, Task? Room)>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(() => step.SetResult(TypeOnLoop(rest.Span)));
            (int count, Task? room) = await step.Task;
            taken += count;
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

        return taken;
    }

    /// <summary>The program took some of its input. Loop's thread.</summary>
    internal void OnInputRoom()
    {
        _inputRoom?.TrySetResult();
        _inputRoom = null;
        foreach (Attachment attachment in _attachments) attachment.ResumeInput();
    }

    private (int Taken, Task? Room) TypeOnLoop(ReadOnlySpan<byte> bytes)
    {
        if (_program is null) return (0, null);
        Touch();
        int taken = _isQuiet ? 0 : _program.Type(bytes);
        if (taken == bytes.Length) return (taken, null);
        _inputRoom ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (taken, _inputRoom.Task);
    }
}
