namespace Sessiond.Cli.Client;

/// <summary>Where the daemon is to be found: Unix sockets in order of preference, or a URL.</summary>
internal sealed record Endpoint
{
    /// <summary>Where a daemon that runs as root listens.</summary>
    internal const string SystemSocket = "/run/sessiond/sessiond.sock";

    private const string SocketName = "sessiond.sock";

    private Endpoint(IReadOnlyList<string> sockets, Uri? url, string? tokenFile)
    {
        Sockets = sockets;
        Url = url;
        TokenFile = tokenFile;
    }

    /// <summary>Candidates; the first that answers is used. Empty for a URL.</summary>
    public IReadOnlyList<string> Sockets { get; }

    /// <summary>Base address of a TCP endpoint, http or https; null for a Unix socket.</summary>
    public Uri? Url { get; }

    /// <summary>The file that holds the bearer token; null: none.</summary>
    public string? TokenFile { get; }

    /// <summary>Applies the order: options, <c>$SESSIOND_SOCKET</c>, defaults.</summary>
    /// <exception cref="CliException">The options contradict each other or the URL is none.</exception>
    public static Endpoint Discover(string? socket, string? url, string? tokenFile, Func<string, string?> environment, int uid)
    {
        if (url is not null)
        {
            if (socket is not null) throw new CliException(ExitCode.Usage, "--socket and --url exclude each other");
            return ForUrl(url, tokenFile);
        }

        if (tokenFile is not null) throw new CliException(ExitCode.Usage, "--token-file needs --url: a Unix socket asks for no token");
        string? given = NonEmpty(socket) ?? NonEmpty(environment("SESSIOND_SOCKET"));
        if (given is not null) return new Endpoint([Path.GetFullPath(given)], null, null);

        var sockets = new List<string> { SystemSocket };
        if (NonEmpty(environment("XDG_RUNTIME_DIR")) is { } runtime) sockets.Add(Path.Combine(runtime, "sessiond", SocketName));
        sockets.Add($"{SharedFolder(uid)}/{SocketName}");
        return new Endpoint(sockets, null, null);
    }

    /// <summary>The endpoint of a URL; ws and wss are taken for http and https.</summary>
    /// <exception cref="CliException">It is no such URL.</exception>
    public static Endpoint ForUrl(string url, string? tokenFile)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new CliException(ExitCode.Usage, $"not a URL of http or https: {url}");
        }

        string scheme = parsed.Scheme is "https" or "wss" ? "https" : "http";
        var address = new UriBuilder(parsed) { Scheme = scheme, Port = parsed.IsDefaultPort ? -1 : parsed.Port, Query = "", Fragment = "" };
        if (!address.Path.EndsWith('/')) address.Path += "/";
        return new Endpoint([], address.Uri, tokenFile);
    }

    /// <summary>True for a socket in a folder that anyone could have made: who listens there has to be looked at.</summary>
    public static bool IsShared(string socketPath, int uid) => socketPath.StartsWith(SharedFolder(uid) + "/", StringComparison.Ordinal);

    /// <summary>The endpoint on one line, for messages.</summary>
    public override string ToString() => Url?.ToString() ?? string.Join(", ", Sockets);

    private static string SharedFolder(int uid) => $"/tmp/sessiond-{uid}";

    private static string? NonEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
