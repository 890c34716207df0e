namespace Sessiond.Spec;

/// <summary><c>[defaults]</c>: inherited by every session that does not say otherwise.</summary>
public sealed record DefaultsSpec
{
    /// <summary>Shell of a session without command; null: the user's login shell.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether that shell is a login shell.</summary>
    public bool Login { get; init; } = true;

    /// <summary>User of sessions, hooks, probes and git; null: the daemon's own.</summary>
    public string? User { get; init; }

    /// <summary>Which shell's environment is taken over.</summary>
    public EnvProbe EnvProbe { get; init; }

    /// <summary>TERM.</summary>
    public string Term { get; init; } = "xterm-256color";

    /// <summary>Size while nobody ever attached.</summary>
    public TerminalSize Size { get; init; } = new(80, 24);

    /// <summary>Lines of scrollback.</summary>
    public int Scrollback { get; init; } = 10_000;

    /// <summary>Hard cap of the scrollback, in bytes.</summary>
    public long ScrollbackBytes { get; init; } = 16L << 20;

    /// <summary>What happens when the program ends by itself.</summary>
    public OnExit OnExit { get; init; }

    /// <summary>First signal of a stop, without SIG.</summary>
    public string StopSignal { get; init; } = "HUP";

    /// <summary>Grace before SIGKILL.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
