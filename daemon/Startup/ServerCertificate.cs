using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sessiond.Spec;

namespace Sessiond.Daemon.Startup;

/// <summary>The certificate of the TCP listeners. One that cannot be read leaves the one before; without any, nobody is let in. Any thread.</summary>
/// <param name="files">Where it is; empty names: a listener needs one, and the spec names none any more.</param>
internal sealed class ServerCertificate(TlsSpec files)
{
    private volatile X509Certificate2? _current;
    private volatile string? _problem;

    /// <summary>What connections are opened with; null: there is none.</summary>
    internal X509Certificate2? Current => _current;

    /// <summary>Why it could not be read the last time; null: it could.</summary>
    internal string? Problem => _problem;

    /// <summary>Reads it anew.</summary>
    internal void Load()
    {
        if (files.Cert.Length == 0)
        {
            _problem = "[daemon].tls is missing: nobody is let in by TCP";
            return;
        }

        try
        {
            _current = X509Certificate2.CreateFromPemFile(files.Cert, files.Key);
            _problem = null;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            string effect = _current is null ? "; nobody is let in by TCP until it can be read" : "";
            _problem = $"[daemon].tls: {files.Cert} and {files.Key}: {exception.Message}{effect}";
        }
    }
}
