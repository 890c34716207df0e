using Sessiond.Daemon.Sessions;
using Sessiond.Pty;

namespace Sessiond.Daemon.Attach;

/// <summary>
/// Input that must wait, since the program takes none or another is in the middle of a message. A little is read all the same: acknowledgements, sizes and a key that
/// interrupts do not wait with it.
/// </summary>
internal sealed partial class Attachment
{
    /// <summary>Bytes of input that wait here: more than a person types while nothing happens. Beyond that nothing is read.</summary>
    private const int MaxWaiting = 4 * 1024;

    private readonly InputQueue _waiting = new();
    private bool _waitingPosted;
    private bool _hasRead;

    /// <summary>Bytes that may be read now.</summary>
    private int RoomToRead
    {
        get
        {
            if (_session.StandsStill && _closeCode == 0) return 0;
            // An observer types nothing: it is never held up by a program that does not read.
            if (!IsController) return ReadSize;
            int room = _waiting.Length == 0 ? _session.InputRoomFor(this) : 0;
            return room > 0 ? room : Math.Max(0, MaxWaiting - _waiting.Length);
        }
    }

    /// <summary>Input may flow again: the session's queue has room, or another writer is done.</summary>
    internal void ResumeInput()
    {
        if (_gone) return;
        if (_waiting.Length > 0)
        {
            // Not here: typing changes what the caller goes through.
            if (_waitingPosted) return;
            _waitingPosted = true;
            _session.Post(TypeWaiting);
            return;
        }

        if (!_inputPaused) return;
        _inputPaused = false;
        _replies.Resume(Environment.TickCount64);
        UpdateWatch();
    }

    /// <summary>Takes what the client has sent, as far as there is room for it.</summary>
    /// <returns>Whether more of it is under way, or waits.</returns>
    internal bool TakeLastInput()
    {
        TypeWaiting();
        _hasRead = false;
        OnReady(EpollEvents.Readable);
        return !_gone && (_hasRead || _messageOpen || _waiting.Length > 0);
    }

    private void TypeOrKeep(ReadOnlySpan<byte> bytes)
    {
        if (_waiting.Length == 0 && (bytes.IsEmpty || _session.InputRoomFor(this) > 0)) _session.TypeAs(this, bytes, _messageOpen);
        else _waiting.Add(bytes);
    }

    private void TypeWaiting()
    {
        _waitingPosted = false;
        if (_gone) return;
        int count = Math.Min(_waiting.Length, _session.InputRoomFor(this));
        if (count > 0)
        {
            byte[] bytes = _waiting.Head[..count].ToArray();
            _waiting.Take(count);
            _session.TypeAs(this, bytes, isPart: _messageOpen || _waiting.Length > 0);
        }

        if (_waiting.Length == 0) ResumeInput();
    }

    /// <summary>The client goes: what was read of it is the program's.</summary>
    internal void TypeLastWaiting()
    {
        if (_waiting.Length == 0) return;
        byte[] bytes = _waiting.Head.ToArray();
        _waiting.Clear();
        _session.TypeLast(this, bytes);
    }
}
