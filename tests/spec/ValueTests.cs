using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("500ms", 500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("0s", 0)]
    [InlineData("1d", 86_400_000)]
    public void Durations(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(Duration.TryParse(Duration.Format(duration), out TimeSpan again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5s5s")]
    [InlineData("5s1h")]
    [InlineData("1.2.3s")]
    [InlineData(".5s")]
    [InlineData("99999999999999999999d")]
    [InlineData("5sec")]
    public void What_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("16MiB", 16 << 20, "16MiB")]
    [InlineData("1.5KiB", 1536, "1536B")]
    [InlineData("2KB", 2000, "2000B")]
    [InlineData("10B", 10, "10B")]
    [InlineData("4096", 4096, "4KiB")]
    [InlineData("0", 0, "0B")]
    public void Sizes(string text, long bytes, string normal)
    {
        Assert.True(ByteSize.TryParse(text, out long size));
        Assert.Equal(bytes, size);
        Assert.Equal(normal, ByteSize.Format(size));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1MiB")]
    [InlineData("1 MiB")]
    [InlineData("9223372036854775807KiB")]
    [InlineData("1e3")]
    public void What_is_no_size(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("${workspace}/bin:$HOME", "/w/bin:$HOME")]
    [InlineData("http://127.0.0.1:${port}/", "http://127.0.0.1:3000/")]
    [InlineData("${env:USER}-${env:NONE}-${env:NONE:a:b}", "alice--a:b")]
    [InlineData("$${port} $$ ${ ${other}", "${port} $$ ${ ${other}")]
    [InlineData("${env:BRACES}", "${port}")]
    public void Variables_are_replaced_once(string text, string expanded)
    {
        var expansion = new Expansion("/w", 3000, name => name switch { "USER" => "alice", "BRACES" => "${port}", _ => null });
        Assert.Equal(expanded, expansion.Expand(text));
    }

    [Theory]
    [InlineData("a${port}b", true)]
    [InlineData("$${anything", true)]
    [InlineData("100$", true)]
    [InlineData("${prt}", false)]
    [InlineData("${env:}", false)]
    [InlineData("${port", false)]
    public void Variables_that_do_not_exist_are_found(string text, bool valid) => Assert.Equal(valid, Expansion.Problem(text) is null);

    [Theory]
    [InlineData("ab", "ba", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distances_count_swapped_neighbours_once(string a, string b, int distance)
    {
        Assert.Equal(distance, NearestWord.Distance(a, b));
        Assert.Equal(distance, NearestWord.Distance(b, a));
    }

    [Fact]
    public void Records_compare_by_value_so_that_a_reload_finds_what_changed()
    {
        const string Lines = "[[sessions]]\nname = 'a'\ncommand = ['x', 'y']\nlabels = { k = 'v', l = 'w' }\nenv = { A = '1' }\nneeds = ['session:b']\n[[sessions]]\nname = 'b'";
        Assert.Equal(Given.Spec(Lines).Spec, Given.Spec(Lines.Replace("{ k = 'v', l = 'w' }", "{ l = 'w', k = 'v' }", StringComparison.Ordinal)).Spec);
        Assert.Equal(Given.Spec(Lines).Spec.GetHashCode(), Given.Spec(Lines).Spec.GetHashCode());
        Assert.NotEqual(Given.Spec(Lines).Spec.Sessions[0], Given.Spec(Lines.Replace("'y'", "'z'", StringComparison.Ordinal)).Spec.Sessions[0]);
    }

    [Theory]
    [InlineData("stop_signal = 'SIGTERM'", true)]
    [InlineData("stop_signal = 'TERM'", true)]
    [InlineData("stop_signal = '9'", false)]
    [InlineData("term = '../../etc'", false)]
    [InlineData("scrollback = -1", false)]
    [InlineData("scrollback_bytes = '2GiB'", false)]
    [InlineData("size = [80]", false)]
    [InlineData("size = [100000, 100000]", false)]
    [InlineData("stop_timeout = 2.5", true)]
    [InlineData("stop_timeout = -1", false)]
    [InlineData("stop_timeout = nan", false)]
    public void Defaults_have_ranges(string line, bool valid) => Assert.Equal(valid, Given.Spec("[defaults]\n" + line).Errors.Count == 0);

    [Theory]
    [InlineData("K = { name = 'k', as = 'file', path = '/p', mode = '0400' }", true)]
    [InlineData("K = { as = 'file' }", false)]
    [InlineData("K = { path = '/p' }", false)]
    [InlineData("K = { as = 'file', path = '/p', mode = '999' }", false)]
    [InlineData("K = { scope = [] }", false)]
    [InlineData("K = '../etc/shadow'", false)]
    [InlineData("'A=B' = 'k'", false)]
    public void Secrets_are_checked(string line, bool valid)
    {
        SpecResult result = Given.Spec("[secrets]\n" + line);
        Assert.Equal(valid, result.Errors.Count == 0);
        Assert.Equal(valid ? 1 : 0, result.Spec.Secrets.Count);
    }

    [Fact]
    public void A_list_of_names_and_commands_pastes_in()
    {
        SpecResult result = Given.Spec("sessions = [ { name = 'a', command = 'x' }, { name = 'b', command = ['y', ''] } ]");
        Assert.Empty(result.Errors);
        Assert.Equal(["a", "b"], result.Spec.Sessions.Select(session => session.Name));
    }
}
