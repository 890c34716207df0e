namespace Sessiond.Pty.Tests;

public sealed class UserTests
{
    [Fact]
    public void Root_is_found_by_name_and_by_number()
    {
        UserIdentity root = UserDatabase.Find("root")!;
        Assert.Equal(0u, root.Uid);
        Assert.Contains(0u, root.Groups);
        Assert.Equal("/root", root.Home);
        Assert.Equal(root.Name, UserDatabase.Find("0")!.Name);
        Assert.Null(UserDatabase.Find("no-such-user-here"));
    }

    [Theory]
    [InlineData("HUP", 1)]
    [InlineData("SIGTERM", 15)]
    [InlineData("kill", 9)]
    [InlineData("nonsense", 0)]
    public void Signals_have_names(string name, int number) => Assert.Equal(number, SignalNames.NumberOf(name));
}
