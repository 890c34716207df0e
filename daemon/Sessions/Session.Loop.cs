using Sessiond.Daemon.Attach;
using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>Which loop the session is on, and its move when it begins or ceases to flood.</summary>
internal sealed partial class Session
{
    private readonly Lock _loopGate = new(); // guards _loop, so that a move has its place among posted actions
    private EpollLoop _loop;
    private readonly FloodGauge _flood = new(); // loop's thread
    private bool _isMoving; // loop's thread: a move is due

    /// <summary>A buffer for received bytes; one per loop, since a loop does one thing at a time.</summary>
    [ThreadStatic]
    private static byte[]? _receiveBuffer;

    /// <summary>Runs an action on the session's loop. Any thread.</summary>
    internal void Post(Action action)
    {
        lock (_loopGate)
        {
            EpollLoop loop = _loop;
            loop.Post(() => RunOrForward(loop, action));
        }
    }

    /// <summary>Runs an action on the session's loop after a time. Loop's thread.</summary>
    internal void Schedule(long delayMilliseconds, Action action)
    {
        EpollLoop loop = _loop;
        loop.Schedule(delayMilliseconds, () => RunOrForward(loop, action));
    }

    internal static byte[] ReceiveBuffer(int size) => _receiveBuffer ??= new byte[size];

    /// <summary>An action that was posted before a move follows the session.</summary>
    private void RunOrForward(EpollLoop loop, Action action)
    {
        if (_loop == loop) action();
        else Post(action);
    }

    /// <summary>True while it prints more than a person reads, and is on the loop for that. Loop's thread.</summary>
    internal bool IsFlooding => _loop != _services.Interactive;

    private void ChooseLoop(int count)
    {
        bool isFlood = _flood.Note(count, Environment.TickCount64);
        if (isFlood != IsFlooding && !_isMoving) MoveSoon(isFlood ? _services.Bulk.Next() : _services.Interactive);
    }

    /// <summary>Moves as an action of its own: whoever finds out that it is time goes on with the session afterwards, and must do so on its loop's thread.</summary>
    private void MoveSoon(EpollLoop loop)
    {
        _isMoving = true;
        Post(() =>
        {
            _isMoving = false;
            MoveTo(loop);
        });
    }

    private void MoveTo(EpollLoop loop)
    {
        if (_loop == loop) return;
        _program?.Unwatch();
        foreach (Attachment attachment in _attachments) attachment.Unwatch();
        foreach (Attachment attachment in _closing) attachment.Unwatch();
        lock (_loopGate)
        {
            _loop = loop;
            loop.Post(() =>
            {
                _program?.Watch(loop);
                foreach (Attachment attachment in _attachments) attachment.Watch(loop);
                foreach (Attachment attachment in _closing) attachment.Watch(loop);
                foreach (Attachment attachment in _attachments.ToArray()) attachment.Pump();
            });
        }
    }
}
