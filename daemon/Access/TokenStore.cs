using System.Security.Cryptography;
using System.Text;

namespace Sessiond.Daemon.Access;

/// <summary>Bearer tokens, kept as SHA-256 hashes and compared in constant time.</summary>
internal sealed class TokenStore
{
    /// <summary>Characters of a token that is worth comparing: longer ones are refused unread.</summary>
    private const int MaxToken = 4096;

    private readonly IReadOnlyList<(byte[] Hash, Identity Identity)> _tokens;

    private TokenStore(IReadOnlyList<(byte[] Hash, Identity Identity)> tokens) => _tokens = tokens;

    /// <summary>True when nobody can come in over TCP.</summary>
    internal bool IsEmpty => _tokens.Count == 0;

    /// <summary>Reads the platform's token: one line, scope admin.</summary>
    /// <param name="path">The file; null or empty: no tokens.</param>
    /// <param name="problem">Why the file gives no token.</param>
    internal static TokenStore FromFile(string? path, out string? problem)
    {
        problem = null;
        if (string.IsNullOrEmpty(path)) return new TokenStore([]);
        try
        {
            string token = File.ReadAllText(path).Trim();
            if (token.Length > 0) return new TokenStore([(Hash(token), new Identity("admin", Scope.Admin))]);
            problem = $"token_file {path} is empty: TCP admits nobody";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"token_file {path} cannot be read ({exception.Message}): TCP admits nobody";
        }

        return new TokenStore([]);
    }

    /// <summary>Who a token belongs to; null: nobody.</summary>
    internal Identity? Find(string token)
    {
        if (token.Length is 0 or > MaxToken) return null;
        byte[] hash = Hash(token);
        Identity? found = null;
        foreach ((byte[] candidate, Identity identity) in _tokens)
        {
            // Every candidate is compared, so that the time does not tell which one it was.
            if (CryptographicOperations.FixedTimeEquals(hash, candidate)) found = identity;
        }

        return found;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
