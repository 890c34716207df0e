namespace Sessiond.Bench;

/// <summary>Who is measured.</summary>
internal enum Column
{
    /// <summary>A pty that the harness itself reads: what the kernel gives.</summary>
    Raw,

    /// <summary>The binary under test.</summary>
    Sessiond,

    /// <summary>tmux.</summary>
    Tmux,

    /// <summary>dtach.</summary>
    Dtach,
}
