namespace Sessiond.Spec.Api;

/// <summary>A text message of a client in the <c>sessiond.v1</c> dialect. Unknown types and keys are ignored.</summary>
public sealed record ClientMessage
{
    /// <summary><c>ack</c>, <c>resize</c>, <c>profile</c>, <c>claim</c>, <c>release</c> or <c>ping</c>.</summary>
    public string? Type { get; init; }

    /// <summary>ack: the position that the client has applied.</summary>
    public long? Offset { get; init; }

    /// <summary>resize: columns.</summary>
    public long? Cols { get; init; }

    /// <summary>resize: rows.</summary>
    public long? Rows { get; init; }

    /// <summary>resize: width of the window in pixels.</summary>
    public long? Xpixel { get; init; }

    /// <summary>resize: height of the window in pixels.</summary>
    public long? Ypixel { get; init; }

    /// <summary>ping: comes back in the pong.</summary>
    public long? Id { get; init; }

    /// <summary>profile: default foreground, <c>#rrggbb</c>.</summary>
    public string? Foreground { get; init; }

    /// <summary>profile: default background, <c>#rrggbb</c>.</summary>
    public string? Background { get; init; }

    /// <summary>profile: cursor colour, <c>#rrggbb</c>.</summary>
    public string? Cursor { get; init; }

    /// <summary>profile: false when the client's terminal does not speak the kitty keyboard protocol; programs then get no answer to its query.</summary>
    public bool? KittyKeyboard { get; init; }
}
