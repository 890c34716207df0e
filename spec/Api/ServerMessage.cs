namespace Sessiond.Spec.Api;

/// <summary>A text message of the server in the <c>sessiond.v1</c> dialect. <see cref="Type"/> says which members are set.</summary>
public sealed record ServerMessage
{
    /// <summary><c>hello</c>, <c>role</c>, <c>size</c>, <c>title</c>, <c>lag</c>, <c>exit</c>, <c>taken_over</c>, <c>input_lost</c> or <c>pong</c>.</summary>
    public required string Type { get; init; }

    /// <summary>hello: <c>sessiond.v1</c>.</summary>
    public string? Proto { get; init; }

    /// <summary>hello: the journal's epoch.</summary>
    public string? Epoch { get; init; }

    /// <summary>hello, role: <c>controller</c> or <c>observer</c>.</summary>
    public string? Role { get; init; }

    /// <summary>hello, size: columns.</summary>
    public int? Cols { get; init; }

    /// <summary>hello, size: rows.</summary>
    public int? Rows { get; init; }

    /// <summary>hello, size: position in the journal, bytes.</summary>
    public long? Offset { get; init; }

    /// <summary>hello: the session's state.</summary>
    public string? State { get; init; }

    /// <summary>hello: what this server can do beyond the first version.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>hello: opaque name of this attachment, for <c>resume</c>.</summary>
    public string? Attachment { get; init; }

    /// <summary>hello: bytes that may be unacknowledged once the client has acknowledged something.</summary>
    public int? Window { get; init; }

    /// <summary>title: the title.</summary>
    public string? Title { get; init; }

    /// <summary>lag: first offset that was skipped.</summary>
    public long? From { get; init; }

    /// <summary>lag: offset at which the snapshot goes on.</summary>
    public long? To { get; init; }

    /// <summary>exit: exit status; null when a signal ended the program.</summary>
    public int? Code { get; init; }

    /// <summary>exit: name of the terminating signal.</summary>
    public string? Signal { get; init; }

    /// <summary>input_lost: bytes that the terminal dropped, or that the program did not take before an upgrade.</summary>
    public long? Bytes { get; init; }

    /// <summary>input_lost: bytes that the terminal keeps of one line; null: it was an upgrade.</summary>
    public long? Limit { get; init; }

    /// <summary>taken_over: who took control.</summary>
    public string? By { get; init; }

    /// <summary>taken_over: when.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>pong: the ping's id.</summary>
    public long? Id { get; init; }
}
