using System.Text;
using Sessiond.Hooks.Secrets;

namespace Sessiond.Daemon.Tests;

/// <summary>Secret values in logs (I13).</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("token=hunter22!", "token=********!")]
    [InlineData("hunter22hunter22", "****************")]
    [InlineData("hunter2", "hunter2")]
    [InlineData("no", "no")]
    [InlineData("first line\r\nsecond line", "**********\r\n***********")]
    public void I13_A_value_is_covered_byte_by_byte(string printed, string logged) => Assert.Equal(logged, Covered(Mask(), printed));

    [Theory]
    [InlineData("say hunter2", 7)]
    [InlineData("say h", 1)]
    [InlineData("hunter22", 0)]
    [InlineData("", 0)]
    [InlineData("second", 6)]
    public void The_beginning_of_a_value_at_the_end_is_told(string bytes, int open) => Assert.Equal(open, Mask().OpenTail(Encoding.UTF8.GetBytes(bytes)));

    [Fact]
    public void I13_A_value_that_begins_with_another_one_is_covered_to_its_end() =>
        Assert.Equal("**********, *****!", Covered(SecretMask.None.With(["admin", "admin-3f9c"]), "admin-3f9c, admin!"));

    [Fact]
    public void Seeded_streams_in_pieces_of_any_length_are_covered_as_a_whole_stream_is()
    {
        SecretMask mask = SecretMask.None.With(["aaab", "abcabcab", "bbbb"]);
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            byte[] stream = [.. Enumerable.Range(0, 200).Select(_ => (byte)('a' + random.Next(3)))];
            byte[] whole = [.. stream];
            mask.Apply(whole);
            foreach (string value in new[] { "aaab", "abcabcab", "bbbb" }) Assert.DoesNotContain(value, Encoding.ASCII.GetString(whole), StringComparison.Ordinal);
        }
    }

    private static SecretMask Mask() => SecretMask.None.With(["hunter22", "no", "first line\nsecond line\n"]);

    private static string Covered(SecretMask mask, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        mask.Apply(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
