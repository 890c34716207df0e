using Sessiond.Daemon.Access;

namespace Sessiond.Daemon.Attach;

/// <summary>What a client asked for in the query of its attach.</summary>
internal sealed record AttachRequest
{
    internal required Identity Identity { get; init; }

    internal bool Observe { get; init; }

    /// <summary>False: refuse (4009) when there is a controller already.</summary>
    internal bool TakeOver { get; init; } = true;

    /// <summary>Where the client's terminal is; null: it needs a snapshot.</summary>
    internal JournalPosition? Since { get; init; }

    /// <summary>The attachment that comes back by itself, and therefore evicts nobody; null: a person's wish.</summary>
    internal string? Resume { get; init; }

    /// <summary>The client's window; null: the session's size stays.</summary>
    internal int? Columns { get; init; }

    internal int? Rows { get; init; }

    /// <summary>Width of the client's window in pixels; 0 when it does not tell.</summary>
    internal int PixelWidth { get; init; }

    /// <summary>Height of the client's window in pixels; 0 when it does not tell.</summary>
    internal int PixelHeight { get; init; }

    /// <summary>Lines of scrollback in snapshots.</summary>
    internal int Scrollback { get; init; } = int.MaxValue;

    /// <summary>Snapshots leave alone what the client's terminal keeps of its own (a person's terminal window).</summary>
    internal bool KeepClientScrollback { get; init; }

    /// <summary>Seconds between pings, 2 to 60.</summary>
    internal int PingSeconds { get; init; } = 20;
}
