using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Attach;

/// <summary>How it ends: by a close frame of either side, by silence, or by a client that takes nothing.</summary>
internal sealed partial class Attachment
{
    /// <summary>Milliseconds from the first ping that nothing answered to the peer counting as dead: 60 s, and a second for a peer that was stopped for a minute.</summary>
    private const int DeadAfter = 61_000;

    /// <summary>
    /// Milliseconds after which a client that is alive, but takes nothing of what waits for it, is closed with 4008. More than a minute: a client
    /// that was stopped for one is to find its session again.
    /// </summary>
    private const int NoProgressAfter = 90_000;

    /// <summary>Milliseconds that a client has to take a close frame and close its side.</summary>
    private const int CloseLinger = 5000;

    /// <summary>Milliseconds that an evicted client has to learn why: a laptop may sleep and a network may be away.</summary>
    private const int EvictionLinger = 60_000;

    private int _closeCode;
    private bool _peerClosed;
    private bool _ignoresInput;
    private long _heardAt = Environment.TickCount64;
    private long _unansweredSince;
    private long _blockedAt;
    private int _unsentSeen;
    private long _windowFullAt;

    /// <summary>Closes the WebSocket after what is already queued. The session has one attachment less from now on.</summary>
    internal void Close(int code, string reason, int linger = CloseLinger)
    {
        if (_gone || _closeCode != 0) return;
        _closeCode = code;
        _inputPaused = false;
        _snapshotOpen = false;
        _snapshot = default;
        TypeLastWaiting();
        _session.Detach(this);
        // The rest of a message that is under way will not be typed: others need not wait for its end.
        _messageOpen = false;
        _session.EndInput(this);
        _onClosed();
        Enqueue(WebSocketFrame.EncodeClose(code, reason));
        Pump();
        if (_gone) return;
        _session.Schedule(linger, () =>
        {
            if (!_gone && linger == EvictionLinger) _socket.ResetOnClose();
            Drop();
        });
    }

    /// <summary>
    /// Somebody else has control. What was queued is dropped; the reason stays deliverable, so that a client which was away does not come back and ask for
    /// what it lost.
    /// </summary>
    internal void Evict(string by, DateTimeOffset at)
    {
        if (_gone || _closeCode != 0) return;
        _snapshotOpen = false;
        _snapshot = default;
        Send(new ServerMessage { Type = "taken_over", By = by, At = at });
        Close(CloseCode.TakenOver, $"taken over by {by}", EvictionLinger);
    }

    /// <summary>Ends at once: nothing more is sent or read.</summary>
    internal void Drop()
    {
        if (_gone) return;
        _gone = true;
        Unwatch();
        _socket.Dispose();
        _pending.Clear();
        _snapshot = default;
        TypeLastWaiting();
        _session.EndInput(this);
        _session.Detach(this);
        _session.Forget(this);
        if (_closeCode == 0) _onClosed();
    }

    /// <summary>The client's close frame: an answer to ours, or its own wish.</summary>
    private void EndByPeer()
    {
        _peerClosed = true;
        _ignoresInput = true;
        if (_closeCode == 0) Close(CloseCode.Normal, "");
        else Pump();
    }

    private void SchedulePing() => _session.Schedule(Request.PingSeconds * 1000L, () =>
    {
        if (_gone || _closeCode != 0) return;
        long now = Environment.TickCount64;
        // Whose input waits for a program that does not read cannot be heard: that is no sign of death.
        bool isHeard = _inputPaused || _unansweredSince == 0 || _heardAt >= _unansweredSince;
        if (isHeard) _unansweredSince = now;
        if (now - _unansweredSince >= DeadAfter)
        {
            Drop();
            return;
        }

        if (MakesNoProgress(now))
        {
            Close(CloseCode.NoProgress, "nothing was taken of what was sent");
            return;
        }

        Enqueue(WebSocketFrame.Encode(WebSocketFrame.OpPing, []));
        SchedulePing();
    });

    private bool MakesNoProgress(long now)
    {
        // A full socket calls only when much of it was taken; little by little is progress as well.
        int unsent = _blocked ? _socket.Unsent : 0;
        if (unsent != _unsentSeen) _blockedAt = now;
        _unsentSeen = unsent;
        if (_blocked && now - _blockedAt > NoProgressAfter) return true;
        // Acknowledgements wait behind input that the program does not read.
        if (_inputPaused && _windowFullAt != 0) _windowFullAt = now;
        return _windowFullAt != 0 && now - _windowFullAt > NoProgressAfter;
    }
}
