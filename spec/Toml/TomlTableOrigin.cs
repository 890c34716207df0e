namespace Sessiond.Spec.Toml;

/// <summary>How a table came to be, which decides who may still add to it (TOML 1.1, "Table").</summary>
internal enum TomlTableOrigin
{
    /// <summary>Named on the way by a longer header; its own header may follow.</summary>
    Implicit,

    /// <summary>The root, or opened by its header; open until the next header.</summary>
    Header,

    /// <summary>Made by a dotted key; open to dotted keys, closed to headers of its own name.</summary>
    Dotted,

    /// <summary>Written in braces; closed.</summary>
    Inline,
}
