using System.Text.Json;
using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec.Tests;

/// <summary>What the description of the keys says is what the reader does.</summary>
public sealed class ReferenceTests
{
    private const string Begin = "<!-- keys -->\n";
    private const string End = "<!-- /keys -->";

    [Fact]
    public void Every_documented_default_is_the_default()
    {
        string toml = "";
        foreach (SpecTable table in RootKeys.All.Where(IsPlainTable))
        {
            toml += $"[{table.Name}]\n";
            foreach (SpecKey key in table.Keys.Where(key => key.Default is not (null or ['(', ..]))) toml += $"{key.Name} = {key.Default}\n";
        }

        SpecResult result = Given.Spec(toml);

        Assert.Empty(result.Errors);
        Assert.Equal(new DevboxSpec { AutoCommit = new AutoCommitSpec() }, result.Spec);
    }

    [Fact]
    public void Every_documented_default_of_a_session_is_the_default()
    {
        string session = Defaults(SessionKeys.Session), live = Defaults(SessionKeys.Live), ready = Defaults(SessionKeys.Ready);
        string toml = $"[[sessions]]\nname = 'a'\n{session}\n[sessions.live]\ntcp = 'h:1'\n{live}\n[sessions.ready]\ntcp = 'h:1'\n{ready}\n[sessions.restart]\n{Defaults(SessionKeys.Restart)}";

        SpecResult result = Given.Spec(toml);

        Assert.Empty(result.Errors);
        var probe = new Probe { Tcp = "h:1" };
        Assert.Equal(new SessionSpec { Name = "a", Live = new LiveProbe { Probe = probe }, Ready = new ReadyProbe { Probe = probe } }, Assert.Single(result.Spec.Sessions));
    }

    [Fact]
    public void Every_documented_default_of_a_hook_is_the_default()
    {
        SpecResult result = Given.Spec($"[[hook]]\nevent = 'post_start'\nname = 'a'\nrun = 'true'\n{Defaults(HookKeys.LongHook)}");

        Assert.Empty(result.Errors);
        Assert.Equal(new HookSpec { Event = HookEvent.PostStart, Name = "a", Run = Api.Command.FromShell("true") }, Assert.Single(result.Spec.Hooks));
    }

    [Fact]
    public void The_json_schema_knows_every_key_of_the_top_level_and_of_a_session()
    {
        using var stream = new MemoryStream();
        SpecSchema.WriteJson(stream);
        using JsonDocument schema = JsonDocument.Parse(stream.ToArray());

        JsonElement properties = schema.RootElement.GetProperty("properties");
        Assert.Equal(RootKeys.Root.Keys.Select(key => key.Name), properties.EnumerateObject().Select(property => property.Name));
        JsonElement session = properties.GetProperty("sessions").GetProperty("items");
        Assert.Equal(SessionKeys.Session.Keys.Select(key => key.Name), session.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("name", Assert.Single(session.GetProperty("required").EnumerateArray()).GetString());
        Assert.False(session.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void The_reference_in_the_docs_is_up_to_date()
    {
        string path = Path.Combine(Repository.Root, "docs", "spec.md");
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, begin, StringComparison.Ordinal);
        using var reference = new StringWriter();
        SpecReference.WriteMarkdown(reference);
        string expected = page[..begin] + reference + page[end..];
        if (Environment.GetEnvironmentVariable("SESSIOND_UPDATE_DOCS") == "1") File.WriteAllText(path, page = expected);

        Assert.Equal(expected, page);
    }

    [Fact]
    public void The_schema_that_is_shipped_is_up_to_date()
    {
        string path = Path.Combine(Repository.Root, "packaging", "sessiond.schema.json");
        using var stream = new MemoryStream();
        SpecSchema.WriteJson(stream);
        string expected = System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
        if (Environment.GetEnvironmentVariable("SESSIOND_UPDATE_DOCS") == "1") File.WriteAllText(path, expected);

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Every_example_is_right()
    {
        string[] examples = Directory.GetFiles(Path.Combine(Repository.Root, "packaging", "examples"), "*.toml", SearchOption.AllDirectories);
        Assert.NotEmpty(examples);
        Assert.Empty(examples.SelectMany(example => SpecLoader.Load(example).Errors));
    }

    private static bool IsPlainTable(SpecTable table) =>
        table.Name.Length > 0
        && !table.Name.Contains('[', StringComparison.Ordinal)
        && !table.Name.StartsWith("sessions", StringComparison.Ordinal)
        && table.Keys.All(key => key.Default is not null)
        && !table.Name.EndsWith("NAME", StringComparison.Ordinal)
        && !table.Name.EndsWith("VARIABLE", StringComparison.Ordinal)
        && table.Name != "auto_commit.author";

    private static string Defaults(SpecTable table) =>
        string.Concat(table.Keys.Where(key => key.Default is not (null or ['(', ..])).Select(key => $"{key.Name} = {key.Default}\n"));
}
