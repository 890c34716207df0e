namespace Sessiond.Spec.Tests;

public sealed class DevboxesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Each_table_is_a_devbox_and_a_wrong_one_leaves_the_others()
    {
        File.WriteAllText(_path, """
            [work]
            url = "https://work.example.com:7681"
            token_file = "~/.tokens/work"
            resume = ["platform", "start", "work"]
            [broken]
            uri = "https://broken.example.com"
            [local]
            url = "http://127.0.0.1:7681"
            """);

        Devboxes devboxes = Devboxes.Load(_path);

        Assert.Equal(["work", "local"], devboxes.All.Select(devbox => devbox.Name));
        Assert.Equal("platform start work", devboxes.All[0].Resume?.ToString());
        Assert.Equal([$"{_path}:6:1: unknown key \"uri\" in broken; did you mean \"url\"?", $"{_path}:5:1: broken: \"url\" is missing"], devboxes.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Without_a_file_none_is_known()
    {
        Devboxes devboxes = Devboxes.Load(_path + ".none");
        Assert.Empty(devboxes.All);
        Assert.Empty(devboxes.Errors);
    }
}
