using Sessiond.Pty;

namespace Sessiond.Daemon.Sessions;

/// <summary>Whether the session's shell waits for a command: by the marks that shells print (OSC 133), else by what the kernel tells of the terminal.</summary>
internal sealed partial class Session
{
    /// <summary>Milliseconds without output before a prompt counts: a prompt comes in several writes.</summary>
    private const int PromptQuiet = 150;

    /// <summary>Milliseconds without output for a shell that does not edit lines itself: nothing but silence shows that it reads.</summary>
    private const int PlainPromptQuiet = 500;

    private int _prompts; // loop's thread: prompts marked by the shell
    private int _promptsAtEnter; // loop's thread
    private bool _ranSinceEnter; // loop's thread
    private bool _commandRuns; // loop's thread: between the marks of a command's start and the next prompt

    /// <summary>
    /// Whether the program runs or is still to run (it waits for what it needs, or for its first start; a script runs before it), and a task that ends with it and tells how; null:
    /// it did not come to that. Any thread.
    /// </summary>
    internal (bool Runs, Task<ExitStatus?> Over) Run
    {
        get
        {
            using (Enter()) return (!_isOver, _over.Task);
        }
    }

    /// <summary>True when the shell waits for a command, and has taken the last line that was typed. Any thread.</summary>
    internal Task<bool> IsAtPromptAsync()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(IsAtPrompt()));
        return answer.Task;
    }

    private bool IsAtPrompt()
    {
        if (IsInPhase || _program is not { } program || QuietFor < PromptQuiet || !program.IsAtRest) return false;
        long entered = Math.Max(_lastEnterOffset, _offsetAtStart);
        bool hasAnswered = _journal.Written > entered;
        if (_prompts > 0)
        {
            // fish marks its prompt again when it repaints it: without a command in between only silence tells the two apart.
            return hasAnswered && !_commandRuns && _prompts > _promptsAtEnter && (_ranSinceEnter || QuietFor >= PlainPromptQuiet);
        }

        if (!IsLedByShell || !hasAnswered || program.ForegroundGroup != program.Pid) return false;
        // A shell with a line editor takes the terminal out of line mode for as long as it edits.
        return !program.IsCanonical || QuietFor >= PlainPromptQuiet;
    }

    /// <summary>True while a script runs before the program: whatever reads there is not the session's shell.</summary>
    private bool IsInPhase
    {
        get
        {
            using (Enter()) return _phase is not null;
        }
    }

    private void NoteCommand()
    {
        _commandRuns = true;
        _ranSinceEnter = true;
    }

    private void NotePrompt()
    {
        _prompts++;
        _commandRuns = false;
    }

    private void ForgetPrompts()
    {
        _prompts = 0;
        _promptsAtEnter = 0;
        _commandRuns = false;
    }
}
