using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Access;

/// <summary>
/// Bearer tokens: the platform's, read from its file, and those made by <c>sessiond token create</c>. Kept as SHA-256 hashes and compared in constant time. Any thread.
/// </summary>
internal sealed class TokenStore
{
    /// <summary>Characters of a token that is worth comparing: longer ones are refused unread.</summary>
    private const int MaxToken = 4096;

    /// <summary>Random bytes of a token, beyond guessing.</summary>
    private const int TokenBytes = 32;

    /// <summary>Tokens kept, far above what a devbox needs.</summary>
    private const int MaxTokens = 1000;

    /// <summary>Milliseconds between two looks whether the platform replaced its token.</summary>
    private const long FileInterval = 10_000;

    private readonly Lock _gate = new(); // guards _tokens, _platform and what belongs to them
    private readonly string? _platformFile;
    private readonly string? _storeFile;
    private readonly TimeProvider _time;
    private IReadOnlyList<StoredToken> _tokens = [];
    private StoredToken? _platform;
    private DateTime _platformWritten;
    private long _nextLook;

    /// <summary>Reads the tokens.</summary>
    /// <param name="platformFile">One line, scope admin; null or empty: the platform gives none.</param>
    /// <param name="storeFile">Where made tokens are kept; null: in memory.</param>
    /// <param name="time">Measures expiry.</param>
    internal TokenStore(string? platformFile, string? storeFile, TimeProvider time)
    {
        _platformFile = string.IsNullOrEmpty(platformFile) ? null : platformFile;
        _storeFile = storeFile;
        _time = time;
        ReadPlatform();
        ReadStore();
    }

    /// <summary>Why a file gives no token; null: nothing is wrong.</summary>
    internal string? Problem { get; private set; }

    /// <summary>The tokens that were made, without their values.</summary>
    internal IReadOnlyList<StoredToken> Tokens
    {
        get
        {
            lock (_gate) return _tokens;
        }
    }

    /// <summary>Who a token belongs to; null: nobody.</summary>
    internal Identity? Find(string token)
    {
        if (token.Length is 0 or > MaxToken) return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        StoredToken? found = null;
        foreach (StoredToken candidate in Valid())
        {
            // Every candidate is compared, so that the time does not tell which one it was.
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(candidate.Hash))) found = candidate;
        }

        return found is null ? null : new Identity(found.User, found.Scope, new Credential(found.Hash, found.ExpiresAt));
    }

    /// <summary>True while what somebody came in with still opens the door.</summary>
    internal bool IsGood(Identity identity)
    {
        if (identity.Credential is not { } credential) return true;
        if (credential.ExpiresAt <= _time.GetUtcNow()) return false;
        return credential.Hash is null || Valid().Any(token => token.Hash == credential.Hash);
    }

    /// <summary>Makes a token.</summary>
    /// <param name="name">What it is for; unique.</param>
    /// <param name="user">Whom it stands for.</param>
    /// <param name="scope">What it allows.</param>
    /// <param name="lifetime">How long it is good for; null: until it is revoked.</param>
    /// <param name="value">The token, which is not kept.</param>
    /// <returns>What is kept of it; null when there is one of this name.</returns>
    /// <exception cref="IOException">It cannot be kept.</exception>
    internal StoredToken? Create(string name, string user, Scope scope, TimeSpan? lifetime, out string value)
    {
        value = "sessiond_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        DateTimeOffset now = _time.GetUtcNow();
        var token = new StoredToken
        {
            Name = name,
            User = user,
            Scope = scope,
            Hash = HashOf(value),
            CreatedAt = now,
            ExpiresAt = lifetime is { } span ? now + span : null,
        };
        lock (_gate)
        {
            StoredToken[] kept = [.. _tokens.Where(other => other.ExpiresAt is null || other.ExpiresAt > now)];
            if (kept.Any(other => other.Name == name)) return null;
            if (kept.Length >= MaxTokens) throw new IOException($"there are {MaxTokens} tokens already; revoke some");
            Write([.. kept, token]);
            return token;
        }
    }

    /// <summary>Makes a token worthless.</summary>
    /// <returns>False when there is none of this name.</returns>
    /// <exception cref="IOException">The change cannot be kept.</exception>
    internal bool Revoke(string name)
    {
        lock (_gate)
        {
            if (_tokens.All(token => token.Name != name)) return false;
            Write([.. _tokens.Where(token => token.Name != name)]);
            return true;
        }
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private IEnumerable<StoredToken> Valid()
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            if (_platformFile is not null && Environment.TickCount64 >= _nextLook) ReadPlatform();
            IEnumerable<StoredToken> all = _platform is null ? _tokens : _tokens.Append(_platform);
            return [.. all.Where(token => token.ExpiresAt is null || token.ExpiresAt > now)];
        }
    }

    /// <summary>Reads the platform's token when its file is another than before: platforms replace it while the devbox runs.</summary>
    private void ReadPlatform()
    {
        _nextLook = Environment.TickCount64 + FileInterval;
        if (_platformFile is null) return;
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(_platformFile);
            if (_platform is not null && written == _platformWritten) return;
            string token = File.ReadAllText(_platformFile).Trim();
            _platformWritten = written;
            Problem = token.Length > 0 ? null : $"token_file {_platformFile} is empty: it admits nobody";
            _platform = token.Length == 0 ? null : new StoredToken { Name = "", User = "admin", Scope = Scope.Admin, Hash = HashOf(token), CreatedAt = written };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _platform = null;
            Problem = $"token_file {_platformFile} cannot be read ({exception.Message}): it admits nobody";
        }
    }

    private void ReadStore()
    {
        if (_storeFile is null || !File.Exists(_storeFile)) return;
        try
        {
            _tokens = JsonSerializer.Deserialize(File.ReadAllBytes(_storeFile), TokenJsonContext.Default.IReadOnlyListStoredToken) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Fail closed: what cannot be read admits nobody, and is not overwritten before somebody makes a token.
            Problem = $"{_storeFile} cannot be read ({exception.Message}): its tokens admit nobody";
        }
    }

    private void Write(IReadOnlyList<StoredToken> tokens)
    {
        if (_storeFile is not null)
        {
            WholeFile.Replace(_storeFile, JsonSerializer.SerializeToUtf8Bytes(tokens, TokenJsonContext.Default.IReadOnlyListStoredToken));
        }

        _tokens = tokens;
    }
}
