using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sessiond.Terminal.Tests;

namespace Sessiond.E2e.Tests;

/// <summary>
/// vttest in a session, whose engine answers its queries. Each screen is compared with that of @xterm/headless; where that one cannot do what vttest
/// asks for, with vttest.screens, which a person has read. SESSIOND_UPDATE_SCREENS=1 writes that file anew.
/// </summary>
public sealed partial class VttestTests(XtermReference reference)
{
    private const int Columns = 80;
    private const int Rows = 24;

    /// <summary>A test that says neither "Push RETURN" nor "Enter choice" waits for a key; it gets RETURN after this silence.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(1.5);

    private readonly List<(string Path, string Text, string Ours)> _screens = [];
    private readonly List<byte[]> _outputs = [];
    private WireClient _client = null!;
    private TestDaemon _daemon = null!;
    private int _seen;

    /// <summary>The item of which all is looked at, as "11.6".</summary>
    private string _wanted = "";

    private static string ScreensFile => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(TestFiles.Folder))!, "tests", "e2e", "vttest.screens");

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("6")]
    [InlineData("8")]
    [InlineData("11.1")]
    [InlineData("11.5")]
    [InlineData("11.6")]
    [InlineData("11.7")]
    public async Task I1_A_menu_of_vttest_looks_as_it_should(string menu)
    {
        Host.Require("vttest");
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        await using (_daemon = await TestDaemon.StartAsync())
        {
            await _daemon.NewAsync("vttest", ["sh", "-c", "read go; exec vttest 24x80.80"], columns: Columns, rows: Rows);
            await using (_client = await _daemon.AttachAsync("vttest"))
            {
                await _client.MessageAsync("hello");
                await _client.TypeAsync("\r");
                await PromptAsync();
                string main = await ScreenAsync();
                _wanted = menu;
                string first = menu.Split('.')[0];
                await ChooseAsync(first, first, main);
                await _client.TypeAsync("0\r");
            }
        }

        Judge(menu);
    }

    private void Judge(string menu)
    {
        string[] theirs = reference.Show(_outputs.Select(static output => new XtermJob(Columns, Rows, 100).Feed(XtermDialect.TranslateVttest(output))));
        Dictionary<string, string> read = ReadScreens();
        var failures = new StringBuilder();
        for (int i = 0; i < _screens.Count; i++)
        {
            (string path, string text, string ours) = _screens[i];
            string shown = theirs[i][theirs[i].IndexOf("\nshown\n", StringComparison.Ordinal)..];
            if (shown == ours) read.Remove(path);
            else if (Environment.GetEnvironmentVariable("SESSIOND_UPDATE_SCREENS") == "1") read[path] = text;
            else if (!read.TryGetValue(path, out string? expected) || expected != text) failures.Append(CultureInfo.InvariantCulture, $"{path}\n{StateAssert.Difference(shown, ours)}\n");
        }

        if (Environment.GetEnvironmentVariable("SESSIOND_UPDATE_SCREENS") == "1")
        {
            File.WriteAllText(ScreensFile, string.Concat(read.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => $"=== {s.Key}\n{s.Value}\n")));
        }

        Assert.True(failures.Length == 0, $"menu {menu}: - @xterm/headless, + the session\n{failures}");
        Assert.True(_screens.Count > 3, "vttest showed its screens");
    }

    private static Dictionary<string, string> ReadScreens()
    {
        Dictionary<string, string> screens = [];
        foreach (string screen in File.Exists(ScreensFile) ? File.ReadAllText(ScreensFile).Split("=== ", StringSplitOptions.RemoveEmptyEntries) : [])
        {
            int line = screen.IndexOf('\n', StringComparison.Ordinal);
            screens[screen[..line]] = screen[(line + 1)..].TrimEnd('\n');
        }

        return screens;
    }

    /// <summary>Chooses an item of the menu that is shown, and follows it until that menu is shown again.</summary>
    private async Task ChooseAsync(string item, string path, string menu)
    {
        await _client.TypeAsync(item + "\r");
        for (int count = 1, unasked = 0; ; count++)
        {
            Assert.True(count < 200, $"{path} does not end");
            string prompt = await PromptAsync();
            string screen = await ScreenAsync();
            if (Choice().IsMatch(prompt))
            {
                // The menu's title is compared, as its items tell what is set.
                if (Title(screen) == Title(menu)) return;
                await SubmenuAsync(path, screen);
                continue;
            }

            Add($"{path}#{count}", screen);
            unasked = prompt.Length > 0 ? 0 : unasked + 1;
            await _client.TypeAsync(unasked > 2 ? "q" : "\r");
        }
    }

    private async Task SubmenuAsync(string path, string menu)
    {
        Add($"{path}#menu", menu);
        foreach (Match item in Item().Matches(menu))
        {
            // Soft characters, keyboards, mice, printers and windows are no part of a screen; a star marks what vttest itself does not do.
            // What it asks and only prints the answers of is QueryTests' matter, and waits long where a query is not answered by design.
            if (item.Groups[1].Value == "0" || Unasked().IsMatch(item.Groups[2].Value)) continue;
            string next = $"{path}.{item.Groups[1].Value}";
            if (!next.StartsWith(_wanted, StringComparison.Ordinal) && !_wanted.StartsWith(next, StringComparison.Ordinal)) continue;
            await ChooseAsync(item.Groups[1].Value, next, menu);
        }

        await _client.TypeAsync("0\r");
    }

    private void Add(string path, string screen)
    {
        Vt.Terminal terminal = Harness.Judge.Fresh(Columns, Rows);
        byte[] output = _client.Output.ToArray();
        terminal.Feed(output);
        string state = terminal.DescribeForComparison();
        string text = string.Join('\n', screen.Split('\n').Select(static line => line.TrimEnd())).TrimEnd('\n');

        // The session shows the same text as a terminal that was sent its output.
        Assert.Equal(text, string.Join('\n', Enumerable.Range(0, Rows).Select(row => terminal.RowText(row).TrimEnd())).TrimEnd('\n'));
        _screens.Add((path, text, state[state.IndexOf("\nshown\n", StringComparison.Ordinal)..]));
        _outputs.Add(output);
    }

    private async Task<string> ScreenAsync() => (await _daemon.ScreenAsync("vttest")).ReplaceLineEndings("\n");

    /// <summary>Waits for what vttest asks for; empty when it is silent and asks for nothing.</summary>
    private async Task<string> PromptAsync()
    {
        int length = _client.Output.Length;
        try
        {
            string found = "";
            _seen = await _client.Output.UntilAsync(
                bytes =>
                {
                    Match match = Prompt().Match(Encoding.Latin1.GetString(bytes));
                    found = match.Value;
                    return match.Success ? match.Index + match.Length : -1;
                },
                "a prompt",
                _seen,
                _silence);
            return found;
        }
        catch (TimeoutException)
        {
            if (_client.Output.Length != length) return await PromptAsync();
            _seen = length;
            return "";
        }
    }

    private static string Title(string screen) => screen.Split('\n').FirstOrDefault(static line => line.Contains("Menu ", StringComparison.Ordinal) || line.Contains("test program", StringComparison.Ordinal)) ?? "";

    [GeneratedRegex(@"Push <RETURN>|Enter choice number \(0 - \d+\):")]
    private static partial Regex Prompt();

    [GeneratedRegex("Enter choice")]
    private static partial Regex Choice();

    [GeneratedRegex(@"^ +(\d+)\. (.*)$", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex("(?i)keyboard|key|locator|mouse|print|soft|window|resize|lines|page|columns|status line|macro|graphics|tek|font|LED|NRC|National|Specify G|report|status|request|query|DECRQ|setting")]
    private static partial Regex Unasked();
}
