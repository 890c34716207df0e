namespace Sessiond.Pty;

/// <summary>What a <see cref="TtyReader.Read"/> came back with.</summary>
public enum TtyInput
{
    /// <summary>Bytes were read.</summary>
    Data,

    /// <summary>End of file, or the terminal is gone.</summary>
    End,

    /// <summary>Nothing came in time.</summary>
    TimedOut,

    /// <summary><see cref="TtyReader.Wake"/> was called.</summary>
    Woken,
}
