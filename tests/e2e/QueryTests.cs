using System.Text.RegularExpressions;

namespace Sessiond.E2e.Tests;

/// <summary>Terminal queries are answered exactly once, by the engine, whoever is attached (I4).</summary>
public sealed partial class QueryTests
{
    /// <summary>Asks DA1, and after it CPR, which tells that every answer before it has come; shows what it read.</summary>
    private const string Asker =
        "stty raw -echo; printf READY; while read -r -d '!' go; do printf '\\033[c\\033[6n'; r=; while IFS= read -r -n1 -d '' c; do r=\"$r$c\"; [ \"$c\" = R ] && break; done; printf 'GOT%s:' \"$go\"; printf '%s' \"$r\" | od -An -c | tr -d ' \\n'; printf ';'; done";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(0, 2)]
    public async Task T32_DA1_is_answered_once_whoever_is_attached(int controllers, int observers)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("asker", ["bash", "-c", Asker]);
        var clients = new List<WireClient>();
        try
        {
            for (int i = 0; i < controllers; i++) clients.Add(await daemon.AttachAsync("asker"));
            for (int i = 0; i < observers; i++) clients.Add(await daemon.AttachAsync("asker", "mode=observe"));
            foreach (WireClient client in clients) await client.MessageAsync("hello");
            string screen = await daemon.UntilScreenAsync("asker", "READY");
            for (int round = 1; round <= 3; round++)
            {
                await daemon.TypeAsync("asker", $"{round}!");
                await Eventually.TrueAsync(async () => Answers().Count(screen = (await daemon.ScreenAsync("asker")).ReplaceLineEndings("")) == round, () => screen);
            }

            foreach (Match answer in Answers().Matches(screen)) Assert.Matches(@"^033\[\?[0-9;]+c033\[\d+;\d+R$", answer.Groups[1].Value);
            // I4: clients never see a query, so that no terminal of theirs answers too.
            Assert.All(clients, client => Assert.DoesNotMatch(Query(), client.Output.Text()));
        }
        finally
        {
            foreach (WireClient client in clients) await client.DisposeAsync();
        }
    }

    /// <summary>T32: what a client's terminal answers to a query that it should not have seen is no input.</summary>
    [Fact]
    public async Task T32_An_answer_that_a_client_sends_does_not_reach_the_program()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("reader", ["sh", "-c", "stty raw -echo; printf READY; exec od -An -v -tx1 -w1"]);
        await using WireClient client = await daemon.AttachAsync("reader");
        await client.UntilAsync("READY");
        await client.TypeAsync("\u001b[?62;22c\u001b[>1;10;0c\u001b[?2026;2$y\u001b]11;rgb:0000/0000/0000\u001b\\Z");
        string screen = await daemon.UntilScreenAsync("reader", "5a");
        Assert.Equal("5a", screen[(screen.IndexOf("READY", StringComparison.Ordinal) + 5)..].Trim());
    }

    /// <summary>T31: programs that ask at their start do not wait for a client.</summary>
    [Fact]
    public async Task T31_Fish_and_vim_start_at_once_with_nobody_attached()
    {
        Host.Require("fish", "vim");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.NewAsync("fish", ["fish", "--no-config"]);
        await Eventually.TrueAsync(
            async () =>
            {
                await daemon.TypeAsync("fish", "echo rea(echo dy)\r");
                return (await daemon.ScreenAsync("fish")).Contains("\nready", StringComparison.Ordinal);
            },
            "fish runs what is typed",
            TimeSpan.FromSeconds(9));
        Assert.DoesNotContain("could not read response", await daemon.ScreenAsync("fish"), StringComparison.OrdinalIgnoreCase);
        await daemon.NewAsync("vim", ["vim", "-u", "NONE", "-i", "NONE", "-n"]);
        await daemon.UntilScreenAsync("vim", "~");
        await daemon.TypeAsync("vim", ":q!\r");
        Assert.Equal(0, (await daemon.UntilStateAsync("vim", "stopped")).ExitCode);
    }

    /// <summary>T31: also nvim, and also while somebody watches or has been there; none of them gets to see a question.</summary>
    [Theory]
    [InlineData("nobody")]
    [InlineData("controller")]
    [InlineData("observer")]
    [InlineData("detached")]
    public async Task T31_Nvim_and_fish_are_answered_whoever_is_there(string who)
    {
        Host.Require("nvim", "fish");
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        (string, string[], string)[] programs =
        [
            ("nvim", ["sh", "-c", "read go; exec nvim --clean -n"], ":q!\r"),
            ("fish", ["sh", "-c", "read go; exec fish --no-config"], "exit\r"),
        ];
        foreach ((string name, string[] argv, string quit) in programs)
        {
            await daemon.NewAsync(name, argv);
            WireClient? client = who == "nobody" ? null : await daemon.AttachAsync(name, who == "observer" ? "mode=observe" : "");
            if (client is not null) await client.MessageAsync("hello");
            if (client is not null && who == "detached")
            {
                await client.DisposeAsync();
                client = null;
            }

            await daemon.TypeAsync(name, "\r");
            await daemon.UntilScreenAsync(name, name == "nvim" ? "~" : "@");
            await daemon.TypeAsync(name, quit);
            Assert.Equal(0, (await daemon.UntilStateAsync(name, "stopped")).ExitCode);
            if (client is not null)
            {
                Assert.DoesNotMatch(Query(), client.Output.Text());
                await client.DisposeAsync();
            }
        }
    }

    [GeneratedRegex(@"GOT\d:([^R]*R);")]
    private static partial Regex Answers();

    [GeneratedRegex(@"\x1b\[(c|0c|6n|>c|\?u)")]
    private static partial Regex Query();
}
