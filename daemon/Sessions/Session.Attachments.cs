using Sessiond.Daemon.Access;
using Sessiond.Daemon.Attach;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Who is attached, and who of them controls (I7).</summary>
internal sealed partial class Session
{
    /// <summary>Milliseconds between two changes of size by one client: one frame of a 60 Hz screen.</summary>
    private const int ResizeInterval = 16;

    private Attachment? _controller; // under the gate
    private int _attachedCount; // under the gate
    private Action? _wantedSize; // loop's thread
    private bool _resizeScheduled; // loop's thread
    private long _lastResize; // loop's thread

    /// <summary>True when somebody controls the session. Any thread.</summary>
    internal bool HasController
    {
        get
        {
            using (Enter()) return _controller is not null;
        }
    }

    /// <summary>
    /// Attaches: control, size and snapshot in one critical section, so that the snapshot has the controller's size and the stream goes on where it ends.
    /// </summary>
    /// <returns>False when somebody controls and the client does not want to take over; nothing has changed then.</returns>
    internal bool TryAttach(Attachment attachment)
    {
        AttachRequest request = attachment.Request;
        Attachment? evicted = null;
        Snapshot? snapshot = null;
        bool isBusy = false;
        string state = "";
        WithTerminal(_ =>
        {
            if (!request.Observe)
            {
                if (_controller is not null && !request.TakeOver)
                {
                    isBusy = true;
                    return;
                }

                evicted = SetController(attachment);
                int columns = request.Columns ?? _terminal.Columns;
                int rows = request.Rows ?? _terminal.Rows;
                ResizeUnderGate(columns, rows, 0, 0, attachment);
            }

            _attachedCount++;
            state = _state;
            snapshot = SnapshotUnderGate(request);
        });
        if (isBusy) return false;
        Post(() =>
        {
            if (evicted is not null) Evict(evicted, attachment);
            _attachments.Add(attachment);
            attachment.Start(_loop, snapshot!, _journal.Epoch, state);
        });
        Changed();
        return true;
    }

    /// <summary>Sets the size at a client's wish. Any thread.</summary>
    internal void Resize(int columns, int rows, int xpixel, int ypixel, Attachment? by)
    {
        WithTerminal(_ => ResizeUnderGate(columns, rows, xpixel, ypixel, by));
        Post(PumpAll);
        Changed();
    }

    /// <summary>
    /// Sets the size at a client's wish, the last of several that come quickly: a window that is dragged sends hundreds a second, and each one makes the program repaint
    /// and the scrollback reflow. Loop's thread.
    /// </summary>
    internal void ResizeSoon(int columns, int rows, int xpixel, int ypixel, Attachment by)
    {
        _wantedSize = () =>
        {
            // Control may have moved meanwhile, and with it the size.
            if (by.IsController) Resize(columns, rows, xpixel, ypixel, by);
        };
        if (_resizeScheduled) return;
        _resizeScheduled = true;
        long sinceLast = Environment.TickCount64 - _lastResize;
        Schedule(Math.Max(0, ResizeInterval - sinceLast), () =>
        {
            _resizeScheduled = false;
            _lastResize = Environment.TickCount64;
            _wantedSize?.Invoke();
            _wantedSize = null;
        });
    }

    /// <summary>An observer takes control by its person's wish. Loop's thread.</summary>
    internal void Claim(Attachment attachment)
    {
        Attachment? evicted;
        using (Enter()) evicted = SetController(attachment);
        if (evicted is not null) Evict(evicted, attachment);
        attachment.Send(new ServerMessage { Type = "role", Role = "controller" });
        Changed();
    }

    /// <summary>A controller becomes an observer. Loop's thread.</summary>
    internal void Release(Attachment attachment)
    {
        using (Enter())
        {
            attachment.IsController = false;
            if (_controller == attachment) _controller = null;
        }

        attachment.Send(new ServerMessage { Type = "role", Role = "observer" });
        Changed();
    }

    /// <summary>An attachment is gone. Loop's thread.</summary>
    internal void Detach(Attachment attachment)
    {
        if (!_attachments.Remove(attachment)) return;
        using (Enter())
        {
            _attachedCount--;
            if (_controller == attachment) _controller = null;
        }

        Changed();
    }

    /// <summary>The colours and sizes of the controller's terminal, which the engine answers with. Loop's thread.</summary>
    internal void TakeProfile(Attachment attachment, ClientMessage message)
    {
        if (!attachment.IsController) return;
        WithTerminal(terminal =>
        {
            terminal.SetProfile(Profiles.From(message));
            CheckpointUnderGate();
        });
    }

    /// <summary>Closes every attachment; they are told why. Any thread.</summary>
    internal Task CloseAttachmentsAsync(int code, string reason)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            foreach (Attachment attachment in _attachments.ToArray()) attachment.Close(code, reason);
            done.SetResult();
        });
        return done.Task;
    }

    /// <summary>Closes the attachments of some. Any thread.</summary>
    internal void CloseWhere(Predicate<Identity> isOver, int code, string reason)
    {
        using (Enter())
        {
            if (_attachedCount == 0) return;
        }

        Post(() =>
        {
            foreach (Attachment attachment in _attachments.ToArray())
            {
                if (isOver(attachment.Identity)) attachment.Close(code, reason);
            }
        });
    }

    private Attachment? SetController(Attachment attachment)
    {
        Attachment? before = _controller == attachment ? null : _controller;
        if (before is not null) before.IsController = false;
        attachment.IsController = true;
        _controller = attachment;
        return before;
    }

    private void Evict(Attachment evicted, Attachment by)
    {
        evicted.Send(new ServerMessage { Type = "taken_over", By = by.Identity.User, At = _services.Time.GetUtcNow() });
        evicted.Close(CloseCode.TakenOver, $"taken over by {by.Identity.User}");
    }

    private void TellTitle()
    {
        _titleOverride = null;
        var message = new ServerMessage { Type = "title", Title = _terminal.Title };
        foreach (Attachment attachment in _attachments) attachment.Send(message);
        Changed();
    }

    private void PumpAll()
    {
        for (int i = _attachments.Count - 1; i >= 0; i--) _attachments[i].Pump();
    }
}
