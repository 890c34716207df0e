using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sessiond.E2e.Tests;

/// <summary>TLS of the TCP listeners, and certificates that change.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Certificate => Path.Combine(_folder.Path, "cert.pem");

    private string Key => Path.Combine(_folder.Path, "key.pem");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task I14_A_daemon_that_comes_back_while_its_certificate_is_rotated_serves_the_socket_and_TCP_after_a_reload()
    {
        Make("first");
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            tcp: true, daemonKeys: $"tls = {{ cert = \"{Certificate}\", key = \"{Key}\" }}", environment: ("SESSIOND_HOLDER_PAUSE", "0"));
        Assert.Equal("CN=first", await SubjectAsync(daemon));
        File.Move(Key, Key + ".away");
        await daemon.CrashAsync();
        Assert.Contains((await daemon.StatusAsync()).Warnings, warning => warning.Contains("[daemon].tls", StringComparison.Ordinal));
        await Assert.ThrowsAsync<HttpRequestException>(() => SubjectAsync(daemon));
        using (HttpClient clear = daemon.Tcp(TestDaemon.Token)) await Assert.ThrowsAsync<HttpRequestException>(() => clear.GetAsync("/healthz"));
        Make("second");
        await daemon.ReloadAsync();
        Assert.Equal("CN=second", await SubjectAsync(daemon));
        Assert.DoesNotContain((await daemon.StatusAsync()).Warnings, warning => warning.Contains("[daemon].tls", StringComparison.Ordinal));
    }

    /// <summary>Asks by TLS; the subject of the certificate.</summary>
    private static async Task<string> SubjectAsync(TestDaemon daemon)
    {
        string subject = "";
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            subject = certificate!.Subject;
            return subject.Length > 0;
        };
        using var client = new HttpClient(handler) { Timeout = Host.Patience };
        using HttpResponseMessage response = await client.GetAsync($"https://127.0.0.1:{daemon.Port}/healthz");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return subject;
    }

    private void Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }
}
