namespace Sessiond.Hooks.AutoCommit;

/// <summary>When the next save is due: an interval after the last edit, and at last <c>max_wait</c> after the first. Its caller guards it.</summary>
internal sealed class SaveClock
{
    /// <summary>A look that found nothing costs at most a tenth of the time: something ignored that is written all the time must not keep a core busy.</summary>
    private const int IdleFactor = 10;

    private DateTimeOffset? _firstEdit;
    private DateTimeOffset _lastEdit;
    private DateTimeOffset? _retry;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    internal required TimeSpan Interval { get; set; }

    internal required TimeSpan MaxWait { get; init; }

    /// <summary>There are edits that no save has looked at.</summary>
    internal bool HasEdits => _firstEdit is not null;

    /// <summary>When to save; null: nothing to do.</summary>
    internal DateTimeOffset? Due
    {
        get
        {
            DateTimeOffset? edits = _firstEdit is { } first ? Later(_notBefore, Earlier(_lastEdit + Interval, first + (MaxWait > Interval ? MaxWait : Interval))) : null;
            return edits is { } a && _retry is { } b ? Earlier(a, b) : edits ?? _retry;
        }
    }

    internal void Edited(DateTimeOffset now)
    {
        _firstEdit ??= now;
        _lastEdit = now;
    }

    /// <summary>Save again after a time, edits or not.</summary>
    internal void Retry(DateTimeOffset at) => _retry = _retry is { } before ? Earlier(before, at) : at;

    /// <summary>A save begins: what is edited from now on is for the next one.</summary>
    internal void Begin()
    {
        _firstEdit = null;
        _retry = null;
    }

    /// <summary>A save has ended.</summary>
    /// <param name="now">When.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="foundNothing">There was nothing to save.</param>
    internal void End(DateTimeOffset now, TimeSpan took, bool foundNothing) => _notBefore = foundNothing ? now + (took * IdleFactor) : now;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
