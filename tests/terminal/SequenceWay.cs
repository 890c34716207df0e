namespace Sessiond.Terminal.Tests;

/// <summary>The ways in which each case is run.</summary>
public enum SequenceWay
{
    AtOnce,
    ByteByByte,

    /// <summary>After each piece of text a snapshot goes on in a dirty terminal.</summary>
    Restored,
    RestoredTwice,
}
