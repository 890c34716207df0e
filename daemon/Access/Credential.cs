namespace Sessiond.Daemon.Access;

/// <summary>What a TCP client proved itself with, so that its live connections can be looked at again.</summary>
/// <param name="Hash">SHA-256 of the token, in hexadecimal; null for a token that an issuer signed, which nobody can take back before its end.</param>
/// <param name="ExpiresAt">Its end; null: none.</param>
internal sealed record Credential(string? Hash, DateTimeOffset? ExpiresAt);
