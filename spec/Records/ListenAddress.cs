using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Sessiond.Spec;

/// <summary>A TCP address to listen on.</summary>
/// <param name="Host">An IP address without brackets, or <c>localhost</c>.</param>
/// <param name="Port">1 to 65535, or 0: one that is free.</param>
public sealed record ListenAddress(string Host, int Port)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>127.0.0.1:7681</c>, <c>[::1]:7681</c> or <c>localhost:7681</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0) return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) return false;
        string host = text[..colon];
        bool bracketed = host is ['[', .., ']'];
        if (bracketed) host = host[1..^1];
        if (host.Contains(':') != bracketed) return false;
        if (host != "localhost" && !IsAddress(host)) return false;
        address = new ListenAddress(host, port);
        return true;
    }

    /// <summary>HOST:PORT.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    // IPAddress alone would take "1" for 0.0.0.1.
    private static bool IsAddress(string host) =>
        IPAddress.TryParse(host, out _) && (host.Contains(':') || host.Count(c => c == '.') == 3);
}
