namespace Sessiond.Cli.Attach;

/// <summary>What a key sequence says about the detach key.</summary>
internal enum KeyEvent
{
    /// <summary>It is another key.</summary>
    None,

    /// <summary>Pressed.</summary>
    Press,

    /// <summary>Held down long enough to repeat.</summary>
    Repeat,

    /// <summary>Let go.</summary>
    Release,
}
