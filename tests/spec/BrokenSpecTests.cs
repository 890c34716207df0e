namespace Sessiond.Spec.Tests;

/// <summary>I14: what is wrong is named with its place, and everything else still counts.</summary>
public sealed class BrokenSpecTests
{
    private const string Good = """
        [[sessions]]
        name = "first"
        [[sessions]]
        name = "last"
        command = "npm test"

        """;

    [Theory]
    [InlineData("command = 5", "6:11", "sessions.bad.command: expected a command: a string, or an array of strings, found an integer")]
    [InlineData("comand = 'x'", "6:1", "unknown key \"comand\" in sessions.bad; did you mean \"command\"?")]
    [InlineData("stopTimeout = 1", "6:1", "unknown key \"stopTimeout\" in sessions.bad; did you mean \"stop_timeout\"?")]
    [InlineData("zzzzzzzz = 1", "6:1", "unknown key \"zzzzzzzz\" in sessions.bad")]
    [InlineData("command = 'npm", "6:11", "this string is not closed")]
    [InlineData("restart = { policy = 'sometimes' }", "6:22", "sessions.bad.restart.policy: \"sometimes\" is not one of \"never\", \"on-failure\", \"always\"")]
    [InlineData("size = [0, 24]", "6:9", "sessions.bad.size: 0 is not between 1 and 1000")]
    [InlineData("stop_timeout = '5 weeks'", "6:16", "sessions.bad.stop_timeout: \"5 weeks\" is not a duration such as \"5s\", \"1h30m\" or a number of seconds")]
    [InlineData("needs = ['session:fist']", "6:1", "sessions.bad: needs \"session:fist\", but there is no such session; did you mean \"session:first\"?")]
    [InlineData("needs = ['session:bad']", "6:1", "sessions.bad: waits for itself: session:bad → session:bad")]
    [InlineData("env = { PORT = 3000 }", "6:16", "sessions.bad.env.PORT: expected a string (numbers too are written in quotes), found an integer")]
    [InlineData("env = { A = { unset = true, append = ['x'] } }", "6:13", "sessions.bad.env.A: needs \"prepend\" or \"append\", or else \"unset = true\"")]
    [InlineData("ready = { interval = '1s' }", "6:9", "sessions.bad.ready: a probe needs exactly one way to ask")]
    [InlineData("ready = { tcp = 'localhost:${port}' }", "6:1", "sessions.bad: \"${port}\" is used but there is no port")]
    [InlineData("cwd = '${home}'", "6:7", "sessions.bad.cwd: \"${home}\" is unknown; there are ${workspace}, ${port}, ${env:NAME} and ${env:NAME:default}, and \"$${\" for the characters themselves")]
    [InlineData("auto_commit = { interval = '2h' }", "6:28", "sessions.bad.auto_commit.interval: must be between 1s and 3600s")]
    public void An_error_in_one_session_takes_only_that_session_away(string line, string place, string message)
    {
        SpecResult result = Given.Spec("[[sessions]]\nname = 'first'\n[[sessions]]\nname = 'bad'\n" + line + "\n[[sessions]]\nname = 'last'\n");

        Assert.Equal($"s.toml:{place}: {message}", Assert.Single(result.Errors).ToString());
        Assert.Equal(["first", "last"], result.Spec.Sessions.Select(session => session.Name));
        Assert.Equal($"s.toml:{place}: {message}", Assert.Single(result.BrokenSessions, broken => broken.Key == "bad").Value);
    }

    [Fact]
    public void Errors_and_warnings_are_written_one_a_line()
    {
        SpecResult result = Given.Spec("[defaults]\nlogin = 1\nterm = 2\n[[sessions]]\nname = 'a'\nneeds = ['session:elsewhere']");
        using var output = new StringWriter { NewLine = "\n" };

        result.WriteErrors(output);
        result.WriteWarnings(output);

        Assert.Equal(
            """
            s.toml:3:9: defaults.login: expected true or false, found an integer
            s.toml:4:8: defaults.term: expected a string, found an integer
            s.toml:7:1: warning: needs "session:elsewhere", but there is no such session in the spec; it must be created by the API

            """,
            output.ToString());
    }

    [Fact]
    public void A_second_session_of_a_name_is_left_out_and_the_first_runs()
    {
        SpecResult result = Given.Spec(Good + "[[sessions]]\nname = \"last\"\ncommand = \"other\"\n");

        Assert.Equal("s.toml:8:1: sessions: the name \"last\" is already taken in line 4; this one is left out", Assert.Single(result.Errors).ToString());
        Assert.Equal("npm test", result.Spec.Sessions[1].Command?.Shell);
        Assert.Empty(result.BrokenSessions);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\nb")]
    [InlineData("\\u001B[31m")]
    [InlineData("é")]
    [InlineData("-d")]
    public void T57_names_that_are_no_names_are_errors_that_print_safely(string name)
    {
        SpecResult result = Given.Spec($"{Good}[[sessions]]\nname = \"{name}\"\n");

        SpecError error = Assert.Single(result.Errors);
        Assert.Equal((8, 8), (error.Line, error.Column));
        Assert.DoesNotContain(error.ToString(), char.IsControl);
        Assert.Equal(2, result.Spec.Sessions.Count);
    }

    [Fact]
    public void T57_a_name_of_300_bytes_is_an_error_and_64_are_not()
    {
        Assert.Single(Given.Spec($"[[sessions]]\nname = '{new string('a', 300)}'").Errors);
        Assert.Empty(Given.Spec($"[[sessions]]\nname = '{new string('a', 64)}'").Errors);
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_at_once_in_the_order_of_lines()
    {
        SpecResult result = Given.File("""
            schema = 1
            worspace = "/w"
            [daemon]
            max_sessions = "many"
            stop_grace = 1 2
            [defaults]
            on_exit = "explode"
            [[sessions]]
            name = "a"
            colour = "red"
            """);

        Assert.Equal([2, 4, 5, 7, 10], result.Errors.Select(error => error.Line));
    }

    [Fact]
    public void Foreign_tables_and_keys_are_left_alone()
    {
        Assert.Empty(Given.Spec("x-note = 1\n[x-tool]\nany = true\n[defaults]\nx-y = 1\n[env]\nx-z = 5").Errors);
    }

    [Theory]
    [InlineData("", "s.toml:1:1: \"schema\" is missing; this format is schema = 1")]
    [InlineData("schema = 'one'", "s.toml:1:10: schema: expected 1, found a string")]
    public void A_missing_or_mistyped_schema_is_an_error_and_the_rest_still_counts(string first, string error)
    {
        SpecResult result = Given.File(first + "\n" + Good);

        Assert.Equal(error, Assert.Single(result.Errors).ToString());
        Assert.Equal(2, result.Spec.Sessions.Count);
    }

    [Fact]
    public void A_newer_schema_is_refused_as_a_whole()
    {
        SpecResult result = Given.File("schema = 2\n[future]\nkey = 1\n" + Good);

        Assert.Equal("s.toml:1:10: schema 2 is newer than this sessiond: this version reads schema = 1; the file is not used", Assert.Single(result.Errors).ToString());
        Assert.Empty(result.Spec.Sessions);
    }

    [Fact]
    public void A_file_that_is_no_text_is_an_error_and_an_empty_spec()
    {
        SpecResult result = SpecLoader.Parse([0xFF, 0xFE, 0x00, 0x41], "s.toml");

        Assert.NotEmpty(result.Errors);
        Assert.Equal(new DevboxSpec(), result.Spec);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it()
    {
        SpecResult result = SpecLoader.Load("/nonexistent/spec.toml");

        Assert.StartsWith("/nonexistent/spec.toml:1:1: ", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user = 5")]
    [InlineData("user = devbox")]
    [InlineData("user 'devbox'")]
    [InlineData("user = 'a:b'")]
    public void A_default_user_that_cannot_be_read_does_not_become_the_daemons_own(string line)
    {
        SpecResult result = Given.Spec("[defaults]\n" + line + "\n[[sessions]]\nname = 'as-default'\n[[sessions]]\nname = 'own'\nuser = 'alice'\n");

        Assert.Equal(["own"], result.Spec.Sessions.Select(session => session.Name));
        Assert.True(result.BrokenSessions.ContainsKey("as-default"));
    }

    [Fact]
    public void Auto_commit_with_an_error_stays_off()
    {
        Assert.Null(Given.Spec("[auto_commit]\npush = flase").Spec.AutoCommit);
        Assert.Null(Given.Spec("[auto_commit]\ninterval = '0s'").Spec.AutoCommit);
        Assert.NotNull(Given.Spec("[auto_commit]").Spec.AutoCommit);
    }
}
