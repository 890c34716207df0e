namespace Sessiond.Pty;

/// <summary>The three fds that a program is born with.</summary>
public enum StandardFd
{
    /// <summary>fd 0.</summary>
    Input = 0,

    /// <summary>fd 1.</summary>
    Output = 1,

    /// <summary>fd 2.</summary>
    Error = 2,
}
