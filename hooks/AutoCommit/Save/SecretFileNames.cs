namespace Sessiond.Hooks.AutoCommit;

/// <summary>
/// Names of files that hold keys and passwords by convention. One that nobody ever added to git is not the first thing to be pushed by itself; once the user has
/// added it, it is a file like any other.
/// </summary>
internal static class SecretFileNames
{
    private static readonly HashSet<string> Whole = new(StringComparer.OrdinalIgnoreCase)
    {
        ".env", ".envrc", ".netrc", "_netrc", ".git-credentials", ".pgpass", ".htpasswd", ".dockercfg", ".vault-token",
        "id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "credentials.json", "service-account.json", "secrets.toml", "secrets.yaml", "secrets.yml", "secrets.json",
    };

    private static readonly string[] Endings = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".ovpn"];

    /// <summary>Endings of a sample that goes with an .env file.</summary>
    private static readonly string[] Samples = [".example", ".sample", ".template", ".dist", ".defaults"];

    internal static bool Matches(string name)
    {
        if (Whole.Contains(name) || Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) return true;
        return name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !Samples.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }
}
