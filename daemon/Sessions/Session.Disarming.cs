using System.Buffers;
using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>
/// Modes of the dead (I5): what a program that was killed left on (mouse, focus, paste, kitty keys, the alternate screen) is turned off before its shell prints again.
/// </summary>
internal sealed partial class Session
{
    private static readonly HashSet<string> Shells = ["sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "ash", "nu", "tcsh", "csh", "elvish", "xonsh"];

    private int _foregroundGroup; // loop's thread
    private bool _disarmDue; // loop's thread

    private bool IsAtRest => _fed == _journal.Written && _published == _fed;

    /// <summary>Bytes were read from the pty and are not committed yet: the last moment to put something before them. Loop's thread.</summary>
    /// <returns>Bytes that were put there; the others are committed with them then.</returns>
    internal int BeforeOutput(SessionProgram program, int count)
    {
        int group = program.ForegroundGroup;
        bool isShell = group == program.Pid;
        if (_foregroundGroup != group) _disarmDue = isShell && _foregroundGroup != 0 && IsLedByShell;
        _foregroundGroup = group;
        // Inside a sequence nothing can be added: the next output of the shell is another chance.
        if (!_disarmDue || !IsAtRest) return 0;
        _disarmDue = false;
        byte[] bytes = DisarmingOf(owner => owner != group && !ProcessGroups.Exists(owner));
        if (bytes.Length > 0) _journal.Insert(bytes, count);
        return bytes.Length;
    }

    /// <summary>A session whose leader is no interactive shell is never disarmed: its program may have children that share its modes.</summary>
    private bool IsLedByShell
    {
        get
        {
            SessionDefinition definition = Definition;
            if (definition.Command is null) return true;
            return definition.Command.Argv is { } argv && Shells.Contains(Path.GetFileName(argv[0])) && !argv.Contains("-c");
        }
    }

    /// <summary>A new run begins: whatever the last one left on is nobody's. Loop's thread.</summary>
    private void DisarmForNewRun()
    {
        _foregroundGroup = 0;
        if (DisarmingOf(_ => true) is not { Length: > 0 } bytes) return;
        _journal.Append(bytes);
        OnOutput(bytes.Length);
    }

    private byte[] DisarmingOf(Func<int, bool> isGone)
    {
        using (Enter())
        {
            int[] gone = [.. _terminal.ModeOwners.Where(isGone)];
            var bytes = new ArrayBufferWriter<byte>();
            return gone.Length > 0 && _terminal.WriteDisarming(gone, bytes) ? bytes.WrittenSpan.ToArray() : [];
        }
    }
}
