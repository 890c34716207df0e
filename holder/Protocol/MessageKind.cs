namespace Sessiond.Holder;

/// <summary>What holder and daemon say to each other (docs/holder.md). Numbers are never used again for something else.</summary>
public enum MessageKind : byte
{
    /// <summary>Daemon, first: A = protocol version, payload = its version.</summary>
    Hello = 1,

    /// <summary>Daemon: payload = the item's record, descriptors = what it keeps (none: those it has stay).</summary>
    Put = 2,

    /// <summary>Daemon: runs a program for an item; A = tag, payload, descriptors and B as <see cref="Pty.ExecMessage.Pack"/> makes them.</summary>
    Spawn = 3,

    /// <summary>Daemon: signals the process group of an item's program; A = signal, B = tag.</summary>
    SignalGroup = 4,

    /// <summary>Daemon: the end of an item's program is written down; A = tag. Its pty and status may go.</summary>
    Release = 5,

    /// <summary>Daemon: an item is no more.</summary>
    Forget = 6,

    /// <summary>Daemon: everything that was given is adopted; payload = the ids of all items.</summary>
    Adopted = 7,

    /// <summary>Daemon: it serves.</summary>
    Ready = 8,

    /// <summary>Daemon: everything has ended, and it is about to; A = exit code of the whole.</summary>
    Stopped = 9,

    /// <summary>Daemon: nothing is read, accepted or in queues any more.</summary>
    Quiesced = 10,

    /// <summary>Daemon: start the daemon of another binary; A = 1: replace the holder too; payload = path, empty: the binary on disk.</summary>
    Upgrade = 11,

    /// <summary>Daemon: answer to <see cref="Ping"/>.</summary>
    Pong = 12,

    /// <summary>Holder, first: A = protocol version, B = 1: an upgrade waits for <see cref="Go"/>; payload = why there is a new daemon; empty: nothing went wrong.</summary>
    Welcome = 64,

    /// <summary>Holder: an item; A = 1: a program is about to be started for it; payload = record, descriptors = what it keeps.</summary>
    Item = 65,

    /// <summary>Holder: that was everything.</summary>
    Given = 67,

    /// <summary>Holder: an item's program, behind the item at a handover, later as an answer to <see cref="Spawn"/>; A = tag, B = pid, descriptors = [pty master].</summary>
    Spawned = 68,

    /// <summary>Holder: it was not; A = tag, B = errno, payload = why.</summary>
    SpawnFailed = 69,

    /// <summary>Holder: a program ended; A = tag, B = <see cref="Pty.ExitStatus.Number"/>.</summary>
    Exited = 70,

    /// <summary>Holder: end everything; A = 1: at once.</summary>
    Stop = 71,

    /// <summary>Holder: read the spec again.</summary>
    Reload = 72,

    /// <summary>Holder: stop reading and accepting, write queues out, checkpoint.</summary>
    Quiesce = 73,

    /// <summary>Holder: go on after all; payload = why the upgrade failed.</summary>
    Resume = 74,

    /// <summary>Holder: begin to read and accept.</summary>
    Go = 75,

    /// <summary>Holder: the successor serves; tell the clients and end. Payload = why it is not the new binary's; empty: it is.</summary>
    Retire = 76,

    /// <summary>Holder: are you there?</summary>
    Ping = 77,
}
