using Sessiond.Daemon.Attach;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Standing still while another daemon takes over: nothing is read or started, and what was typed is with the program.</summary>
internal sealed partial class Session
{
    /// <summary>Milliseconds between two looks at input that a program has not taken yet.</summary>
    private const int InputLook = 2;

    private volatile bool _isQuiet;

    /// <summary>True while nothing may be read from the program or from clients.</summary>
    internal bool IsQuiet => _isQuiet;

    /// <summary>Begins to stand still, and completes when it does and a checkpoint has everything. Any thread.</summary>
    /// <param name="inputGrace">How long a program may take for the input that waits for it.</param>
    internal async Task QuiesceAsync(TimeSpan inputGrace)
    {
        // Held until the end: nothing is started meanwhile.
        await _starting.WaitAsync();
        var still = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long until = Environment.TickCount64 + (long)inputGrace.TotalMilliseconds;
        Post(() =>
        {
            _isQuiet = true;
            _program?.UpdateWatch();
            AwaitInput(until, still);
        });
        await still.Task;
        using (Enter()) CheckpointUnderGate();
    }

    /// <summary>Moves again. Any thread.</summary>
    internal void EndQuiet()
    {
        Post(() =>
        {
            _isQuiet = false;
            _program?.EndQuiet();
            OnInputRoom();
        });
        _starting.Release();
    }

    /// <summary>True while nothing may be read from clients either.</summary>
    internal bool StandsStill => _isQuiet && !_takesLastInput;

    /// <summary>The successor serves: what clients have sent is read and typed, then they are told to connect again. Any thread.</summary>
    /// <param name="code">What they are closed with.</param>
    /// <param name="reason">The same in words.</param>
    /// <param name="inputGrace">How long the program may take for what they sent; what is left is told.</param>
    internal Task HandOverAttachmentsAsync(int code, string reason, TimeSpan inputGrace)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long until = Environment.TickCount64 + (long)inputGrace.TotalMilliseconds;
        Post(() =>
        {
            // The pty stays unread here, but takes input as long as a descriptor of it is open.
            _takesLastInput = true;
            TakeLastInput(until, () =>
            {
                foreach (Attachment attachment in _attachments.ToArray()) attachment.TypeLastWaiting();
                TellLastInputLost();
                foreach (Attachment attachment in _attachments.ToArray()) attachment.Close(code, reason);
                done.SetResult();
            });
        });
        return done.Task;
    }

    private void TakeLastInput(long until, Action then)
    {
        bool isMore = false;
        foreach (Attachment attachment in _attachments.ToArray()) isMore |= attachment.TakeLastInput();
        bool isLeft = _program is { HasInput: true } || isMore;
        if (!isLeft || Environment.TickCount64 >= until) then();
        else Schedule(InputLook, () => TakeLastInput(until, then));
    }

    private void TellLastInputLost()
    {
        if (_program?.InputLength is not ({ } lost and > 0)) return;
        _services.Logger.LastInputLost(Name, lost);
        _controller?.Send(new ServerMessage { Type = "input_lost", Bytes = lost });
    }

    private void AwaitInput(long until, TaskCompletionSource still)
    {
        if (_program is not { HasInput: true } || Environment.TickCount64 >= until) still.SetResult();
        else Schedule(InputLook, () => AwaitInput(until, still));
    }
}
