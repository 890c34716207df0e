namespace Sessiond.Spec;

/// <summary><c>[daemon]</c>: the endpoint and the daemon's own limits. Image and platform layers only.</summary>
public sealed record DaemonSpec
{
    /// <summary>TCP listeners; empty: the Unix socket alone.</summary>
    public ValueList<ListenAddress> Listen { get; init; } = [];

    /// <summary>Certificate of the TCP listeners.</summary>
    public TlsSpec? Tls { get; init; }

    /// <summary>Once-markers, logs, saved scrollback; null: <c>/var/lib/sessiond</c> for root, else the user's state folder.</summary>
    public string? StateDir { get; init; }

    /// <summary>A file with one bearer token of scope <c>admin</c>; a relative path is relative to the spec's folder, or to the daemon's working folder when several layers apply.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Origins that browsers may come from, exact.</summary>
    public ValueList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Names or uids that the Unix socket admits beside root, the daemon's own and the sessions' user.</summary>
    public ValueList<string> AllowedUsers { get; init; } = [];

    /// <summary>Names or gids of groups that the Unix socket admits.</summary>
    public ValueList<string> AllowedGroups { get; init; } = [];

    /// <summary>Users that workspace layers and the API may name beside <c>defaults.user</c>.</summary>
    public ValueList<string> RunAs { get; init; } = [];

    /// <summary>A non-loopback listener without TLS is wanted, because something before it has TLS.</summary>
    public bool Insecure { get; init; }

    /// <summary>Issuer whose tokens are accepted.</summary>
    public OidcSpec? Oidc { get; init; }

    /// <summary>Everything ends inside it.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Sessions at the same time.</summary>
    public int MaxSessions { get; init; } = 1000;
}
