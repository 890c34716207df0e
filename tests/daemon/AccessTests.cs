using Microsoft.AspNetCore.Http;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Endpoint;

namespace Sessiond.Daemon.Tests;

/// <summary>Tokens, where they are looked for, and which path is which route.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sessiond-access-").FullName;

    [Fact]
    public void A_token_of_a_file_is_an_admin_and_nothing_else_is_anybody()
    {
        var store = new TokenStore(Write("secret-token\n"), null, TimeProvider.System);
        Assert.Null(store.Problem);
        Assert.Equal(Scope.Admin, store.Find("secret-token")!.Scope);
        foreach (string wrong in new[] { "", "secret-toke", "secret-token ", "SECRET-TOKEN", new string('x', 5000) }) Assert.Null(store.Find(wrong));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    public void An_empty_token_file_admits_nobody_and_says_so(string content)
    {
        var store = new TokenStore(Write(content), null, TimeProvider.System);
        Assert.Contains("is empty", store.Problem, StringComparison.Ordinal);
        Assert.Null(store.Find(""));
    }

    [Fact]
    public void A_missing_token_file_admits_nobody_and_says_so()
    {
        var store = new TokenStore(Path.Combine(_folder, "absent"), null, TimeProvider.System);
        Assert.Contains("cannot be read", store.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization", "Bearer abc", "abc")]
    [InlineData("Authorization", "bearer abc", "abc")]
    [InlineData("Authorization", "Basic abc", null)]
    [InlineData("Sec-WebSocket-Protocol", "sessiond.v1, base64url.bearer.authorization.k8s.io.YWJj", "abc")]
    [InlineData("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.YQ", "a")]
    [InlineData("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.YQ==", "a")]
    [InlineData("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.!!!", null)]
    [InlineData("Cookie", "sessiond_token=abc", "abc")]
    [InlineData("Cookie", "other=abc", null)]
    public void A_token_is_looked_for_in_header_subprotocol_and_cookie(string header, string value, string? token)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[header] = value;
        Assert.Equal(token, Credentials.TokenOf(context.Request));
    }

    [Fact]
    public void A_token_in_the_URL_is_none()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?token=abc&access_token=abc");
        Assert.Null(Credentials.TokenOf(context.Request));
    }

    [Theory]
    [InlineData("/v1/sessions/one/screen", "one")]
    [InlineData("/v1/sessions//screen", "")]
    [InlineData("/v1/sessions/../screen", "..")]
    [InlineData("/v1/sessions/one/screen/", null)]
    [InlineData("/v1/sessions/one/Screen", null)]
    [InlineData("/v1/sessions/a/b/screen", null)]
    [InlineData("/v1/sessions/one", null)]
    [InlineData("/", null)]
    public void A_route_matches_its_own_path_segment_by_segment(string path, string? name)
    {
        var route = new Route("GET", "/v1/sessions/{name}/screen", Scope.Observe, _ => Task.CompletedTask);
        Assert.Equal(name is not null, route.Matches(path.Split('/'), out string found));
        if (name is not null) Assert.Equal(name, found);
    }

    [Fact]
    public void A_session_is_its_owners_and_the_admins()
    {
        var alice = new Identity("alice", Scope.Manage);
        Assert.True(alice.MaySee(null));
        Assert.True(alice.MaySee("alice"));
        Assert.False(alice.MaySee("bob"));
        Assert.False(alice.IsAdmin);
        Assert.True(new Identity("root", Scope.Admin).MaySee("bob"));
        Assert.False(new Identity("guest", Scope.Observe).MayControl);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string content)
    {
        string path = Path.Combine(_folder, "token");
        File.WriteAllText(path, content);
        return path;
    }
}
