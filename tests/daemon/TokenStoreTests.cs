using Sessiond.Daemon.Access;

namespace Sessiond.Daemon.Tests;

/// <summary>Tokens that are made, kept as hashes, expire and are revoked.</summary>
public sealed class TokenStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-tokens-").FullName;
    private readonly TestTime _time = new();

    private string StoreFile => Path.Combine(_folder, "tokens.json");

    [Fact]
    public void A_made_token_opens_for_its_user_and_scope_also_after_a_restart_and_is_on_disk_as_a_hash_only()
    {
        TokenStore store = Open();
        Assert.NotNull(store.Create("ci", "alice", Scope.Observe, null, out string value));
        Assert.Equal(("alice", Scope.Observe), (store.Find(value)!.User, store.Find(value)!.Scope));
        Assert.Null(store.Find(value + "x"));
        Assert.Equal("alice", Open().Find(value)!.User);
        Assert.DoesNotContain(value, File.ReadAllText(StoreFile), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StoreFile));
    }

    [Fact]
    public void Names_are_unique_until_they_are_free_again()
    {
        TokenStore store = Open();
        store.Create("ci", "alice", Scope.Observe, TimeSpan.FromHours(1), out _);
        Assert.Null(store.Create("ci", "alice", Scope.Observe, null, out _));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.NotNull(store.Create("ci", "alice", Scope.Observe, null, out _));
    }

    [Fact]
    public void An_expired_or_revoked_token_opens_nothing_and_its_live_connections_are_known_to_be_over()
    {
        TokenStore store = Open();
        store.Create("short", "alice", Scope.Control, TimeSpan.FromMinutes(5), out string shortLived);
        store.Create("long", "alice", Scope.Control, null, out string longLived);
        Identity brief = store.Find(shortLived)!;
        Identity lasting = store.Find(longLived)!;
        Assert.True(store.IsGood(brief) && store.IsGood(lasting));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(store.Find(shortLived));
        Assert.False(store.IsGood(brief));
        Assert.True(store.Revoke("long"));
        Assert.False(store.Revoke("long"));
        Assert.Null(store.Find(longLived));
        Assert.False(store.IsGood(lasting));
    }

    [Fact]
    public void A_file_that_cannot_be_read_admits_nobody()
    {
        File.WriteAllText(StoreFile, "{ not json");
        TokenStore store = Open();
        Assert.Contains("cannot be read", store.Problem, StringComparison.Ordinal);
        Assert.Empty(store.Tokens);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TokenStore Open() => new(null, StoreFile, _time);
}
