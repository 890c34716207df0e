namespace Sessiond.Hooks.AutoCommit;

/// <summary>What became of a push.</summary>
internal enum PushOutcome
{
    /// <summary>The remote had everything already.</summary>
    UpToDate,

    /// <summary>The remote took it.</summary>
    Pushed,

    /// <summary>The remote has commits that we have not.</summary>
    Behind,

    /// <summary>The remote cannot be reached.</summary>
    Offline,

    /// <summary>The remote or a hook refuses, or there is no remote: somebody has to do something.</summary>
    Refused,
}
