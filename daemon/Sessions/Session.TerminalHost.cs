using Sessiond.Daemon.Events;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

internal sealed partial class Session
{
    /// <summary>
    /// What the engine asks for while it is fed, inside the gate: noted here, done by <see cref="Flush"/> after the gate.
    /// </summary>
    private sealed class TerminalHost(Session session) : ITerminalHost
    {
        /// <summary>Bytes of answers that one turn may make: 128 KiB of queries answer with less, and an endless asker is not paid for.</summary>
        private const int MaxReplies = 1 << 20;

        private readonly List<byte> _replies = [];
        private bool _described;
        private bool _rang;

        /// <summary>True while bytes are fed whose effects were made before.</summary>
        internal bool IsMuted { get; set; }

        public void Reply(ReadOnlySpan<byte> bytes)
        {
            if (!IsMuted && _replies.Count + bytes.Length <= MaxReplies) _replies.AddRange(bytes);
        }

        public void TitleChanged() => _described |= !IsMuted;

        public void CwdChanged()
        {
        }

        public void Bell() => _rang |= !IsMuted;

        public void PromptStarted() => session.NotePrompt();

        public void CommandStarted() => session.NoteCommand();

        public void CommandEnded(int? exitCode)
        {
        }

        public void ClipboardWrite(ReadOnlySpan<byte> selection, ReadOnlySpan<byte> payload)
        {
        }

        internal void Flush()
        {
            // First the note that it is done, then the deed: a crash between the two loses it, and never does it twice.
            if (_replies.Count > 0 || _described || _rang) session._journal.SetEffects(session._fed);
            if (_replies.Count > 0)
            {
                session._program?.TypeReply(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_replies));
                _replies.Clear();
            }

            if (_described)
            {
                _described = false;
                session.TellTitle();
            }

            if (!_rang) return;
            _rang = false;
            session._services.Events.Publish(EventNames.SessionBell, session);
        }
    }
}
