using System.Diagnostics;

namespace Sessiond.Daemon.Sessions;

/// <summary>Serving the attachments of a session that prints much to many: the program must not wait for them.</summary>
internal sealed partial class Session
{
    /// <summary>
    /// Time that attachments may take of one turn of the loop before the pty's turn comes again: about what a full turn of reading and feeding takes, so that a crowd of
    /// observers halves a flood at most. Whoever is not served stays behind, and lags when that goes on.
    /// </summary>
    private static readonly long PumpTime = Stopwatch.Frequency / 1000;

    private int _nextToPump; // loop's thread
    private bool _pumpPending; // loop's thread

    /// <summary>Sends to the controller, then to the others in turn as long as the time lasts. Loop's thread.</summary>
    private void PumpSome()
    {
        if (_attachments.Count == 0) return;
        if (_controller is { IsGone: false } controller) controller.Pump();
        long end = Stopwatch.GetTimestamp() + PumpTime;
        for (int served = 0, count = _attachments.Count; served < count && _attachments.Count > 0; served++)
        {
            // An attachment that ends while it is served leaves the list.
            if (_nextToPump >= _attachments.Count) _nextToPump = 0;
            _attachments[_nextToPump++].Pump();
            if (served + 1 == count || Stopwatch.GetTimestamp() < end) continue;
            PumpLater();
            return;
        }
    }

    private void PumpLater()
    {
        if (_pumpPending) return;
        _pumpPending = true;
        Post(() =>
        {
            _pumpPending = false;
            PumpSome();
        });
    }
}
