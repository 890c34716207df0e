namespace Sessiond.Hooks;

/// <summary>Whether something that was waited for is there.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="Reason">What is waited for, or what failed, for a person; empty when it is met.</param>
public readonly record struct NeedState(NeedAnswer Kind, string Reason)
{
    /// <summary>There.</summary>
    public static NeedState Met { get; } = new(NeedAnswer.Met, "");

    /// <summary>Not yet.</summary>
    public static NeedState Waiting(string reason) => new(NeedAnswer.Waiting, reason);

    /// <summary>Not before somebody mends something.</summary>
    public static NeedState Broken(string reason) => new(NeedAnswer.Broken, reason);

    /// <summary>True when it is there.</summary>
    public bool IsMet => Kind == NeedAnswer.Met;

    /// <summary>True when it does not come by itself.</summary>
    public bool IsBroken => Kind == NeedAnswer.Broken;

    /// <summary>The first of several that is not met; a broken one before one that is waited for.</summary>
    public static NeedState AllOf(IEnumerable<NeedState> states)
    {
        NeedState result = Met;
        foreach (NeedState state in states)
        {
            if (state.IsBroken) return state;
            if (result.IsMet) result = state;
        }

        return result;
    }
}
