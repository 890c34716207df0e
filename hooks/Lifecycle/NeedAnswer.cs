namespace Sessiond.Hooks;

/// <summary>The answers of a <see cref="NeedState"/>.</summary>
public enum NeedAnswer
{
    /// <summary>There.</summary>
    Met,

    /// <summary>Not yet.</summary>
    Waiting,

    /// <summary>Not before somebody mends something.</summary>
    Broken,
}
