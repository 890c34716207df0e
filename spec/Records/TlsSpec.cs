namespace Sessiond.Spec;

/// <summary>Certificate and key files, in PEM.</summary>
public sealed record TlsSpec
{
    /// <summary>File of the certificate chain.</summary>
    public string Cert { get; init; } = "";

    /// <summary>File of the private key.</summary>
    public string Key { get; init; } = "";
}
