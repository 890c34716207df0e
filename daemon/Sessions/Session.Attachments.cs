using Sessiond.Daemon.Access;
using Sessiond.Daemon.Attach;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Who is attached, and who of them controls (I7).</summary>
internal sealed partial class Session
{
    /// <summary>Milliseconds between two changes of size by one client: one frame of a 60 Hz screen.</summary>
    private const int ResizeInterval = 16;

    /// <summary>Closed clients of one session whose sockets are kept until they know why; they count as no connections any more.</summary>
    private const int MaxClosing = 32;

    private readonly List<Attachment> _closing = []; // loop's thread: closed, but the client has not taken it yet
    private Attachment? _controller; // under the gate
    private ControlReservation? _reservation; // under the gate
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
    /// <returns>Null, or why not; nothing has changed then.</returns>
    internal AttachRefusal? TryAttach(Attachment attachment)
    {
        AttachRequest request = attachment.Request;
        Attachment? evicted = null;
        AttachPoint? point = null;
        AttachRefusal? refusal = null;
        WithTerminal(_ =>
        {
            if (!request.Observe)
            {
                refusal = RefusalUnderGate(attachment);
                if (refusal is not null) return;
                evicted = SetController(attachment);
                ResizeUnderGate(request.Columns ?? _terminal.Columns, request.Rows ?? _terminal.Rows, request.PixelWidth, request.PixelHeight, attachment);
            }

            _attachedCount++;
            point = PointUnderGate(request);
        });
        if (refusal is not null) return refusal;
        Touch();
        if (request is { Observe: false, Resume: null }) _services.Support.OnControllerAttached();
        Post(() =>
        {
            DropGhosts(attachment);
            if (evicted is not null) Evict(evicted, attachment);
            _attachments.Add(attachment);
            if (evicted is not null && attachment.IsController) TellFocus(gained: true);
            attachment.Start(_loop, point!);
            // Control may have moved on before it began.
            if (!request.Observe && !attachment.IsController && !attachment.IsGone) Evict(attachment, _controller ?? attachment);
        });
        Changed();
        Keep();
        return null;
    }

    /// <summary>Sets the size at the wish of whoever controls the session, or of the API. Any thread.</summary>
    internal void Resize(int columns, int rows, int xpixel, int ypixel, Attachment? by)
    {
        WithTerminal(_ =>
        {
            // Control may have moved meanwhile, and with it the size.
            if (by is null or { IsController: true }) ResizeUnderGate(columns, rows, xpixel, ypixel, by);
        });
        Post(() =>
        {
            // A program that asked for it is told by the engine (mode 2048).
            _host.Flush();
            PumpAll();
        });
        Changed();
    }

    /// <summary>
    /// Sets the size at a client's wish, the last of several that come quickly: a window that is dragged sends hundreds a second, and each one makes the program repaint
    /// and the scrollback reflow. Loop's thread.
    /// </summary>
    internal void ResizeSoon(int columns, int rows, int xpixel, int ypixel, Attachment by)
    {
        _wantedSize = () => Resize(columns, rows, xpixel, ypixel, by);
        if (_resizeScheduled) return;
        long wait = ResizeInterval - (Environment.TickCount64 - _lastResize);
        if (wait <= 0)
        {
            // At once: what is typed behind it is typed at the new size.
            TakeWantedSize();
            return;
        }

        _resizeScheduled = true;
        Schedule(wait, TakeWantedSize);
    }

    /// <summary>An observer takes control by its person's wish. Loop's thread.</summary>
    internal void Claim(Attachment attachment)
    {
        Attachment? evicted;
        using (Enter()) evicted = SetController(attachment);
        if (evicted is not null)
        {
            Evict(evicted, attachment);
            TellFocus(gained: true);
        }

        attachment.Send(new ServerMessage { Type = "role", Role = "controller" });
        Changed();
        Keep();
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
        Keep();
    }

    /// <summary>An attachment is closing or gone: it neither counts nor controls. Loop's thread.</summary>
    internal void Detach(Attachment attachment)
    {
        if (!_attachments.Remove(attachment)) return;
        if (!attachment.IsGone) _closing.Add(attachment);
        if (_closing.Count > MaxClosing) _closing[0].Drop();
        using (Enter())
        {
            _attachedCount--;
            attachment.IsController = false;
            if (_controller == attachment) _controller = null;
        }

        // Files are not for the loop's thread.
        _ = Task.Run(() => Unfollow(attachment));
        Changed();
        Keep();
    }

    /// <summary>The socket of an attachment is closed. Loop's thread.</summary>
    internal void Forget(Attachment attachment) => _closing.Remove(attachment);

    /// <summary>The colours and sizes of the controller's terminal, which the engine answers with. Loop's thread.</summary>
    internal void TakeProfile(Attachment attachment, ClientMessage message)
    {
        if (!attachment.IsController) return;
        WithTerminal(terminal =>
        {
            terminal.SetProfile(Profiles.From(message, terminal.Profile));
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

    private void TakeWantedSize()
    {
        _resizeScheduled = false;
        _lastResize = Environment.TickCount64;
        _wantedSize?.Invoke();
        _wantedSize = null;
    }

    private AttachRefusal? RefusalUnderGate(Attachment attachment)
    {
        AttachRequest request = attachment.Request;
        if (_controller is not { } present) return RefusalByReservation(attachment);
        if (request.Resume is not null)
        {
            // A coming back evicts nobody but its own ghost.
            return IsGhost(present, attachment) ? null : new AttachRefusal(CloseCode.TakenOver, $"taken over by {present.Identity.User}");
        }

        return request.TakeOver ? null : new AttachRefusal(CloseCode.Busy, $"session {Name} has a controller; attach with takeover=1 or mode=observe");
    }

    private AttachRefusal? RefusalByReservation(Attachment attachment)
    {
        if (_reservation is not { } reservation || attachment.Request.Resume is null) return null;
        bool isIts = reservation.Attachment == attachment.Id && reservation.User == attachment.Identity.User;
        return isIts || Environment.TickCount64 > reservation.Until ? null : new AttachRefusal(CloseCode.TakenOver, $"taken over by {reservation.User}");
    }

    /// <summary>True for the connection that an attachment had before: its client has given it up, though the network may not know.</summary>
    private static bool IsGhost(Attachment present, Attachment attachment) =>
        present != attachment && present.Id == attachment.Id && present.Identity.User == attachment.Identity.User;

    private void DropGhosts(Attachment attachment)
    {
        foreach (Attachment ghost in _attachments.Where(present => IsGhost(present, attachment)).ToArray()) ghost.Drop();
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
        _reservation = null;
        return before;
    }

    private void Evict(Attachment evicted, Attachment by)
    {
        if (!_attachments.Contains(evicted)) return;
        TellFocus(gained: false);
        evicted.Evict(by.Identity.User, _services.Time.GetUtcNow());
    }

    /// <summary>
    /// A takeover is a loss and a gain of focus: a program that asked for it (mode 1004) is told. Nothing is told of a client that comes or goes alone, since its terminal says by itself
    /// what its person looks at. Loop's thread.
    /// </summary>
    private void TellFocus(bool gained)
    {
        if (_program is not { } program) return;
        bool isWanted;
        using (Enter()) isWanted = _terminal.ReportsFocus;
        if (isWanted) program.TypeReply(gained ? "\e[I"u8 : "\e[O"u8);
    }

    private void TellTitle()
    {
        _titleOverride = null;
        for (int i = _attachments.Count - 1; i >= 0; i--) _attachments[i].TellTitle();
        Changed();
    }

    private void PumpAll()
    {
        for (int i = _attachments.Count - 1; i >= 0; i--) _attachments[i].Pump();
    }
}
