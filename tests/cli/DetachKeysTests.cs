using System.Text;
using Sessiond.Cli.Attach;

namespace Sessiond.Cli.Tests;

public sealed class DetachKeysTests
{
    private const string Legacy = "\x1c";
    private const string PasteStart = "\e[200~";
    private const string PasteEnd = "\e[201~";

    public static TheoryData<string> Forms =>
    [
        Legacy, "\e[92;5u", "\e[92;5:1u", "\e[92;69u", "\e[92;133u", "\e[92;197u", "\e[92:124;5u", "\e[92::92;5u", "\e[35::92;5u",
        "\e[92;5;28u", "\e[27;5;92~",
    ];

    public static TheoryData<string> OtherKeys =>
    [
        "\e[92;6u", "\e[92;7u", "\e[92u", "\e[93;5u", "\e[92;5:3u", "\e[27;6;92~", "\e[27;5;93~", "\e[27;5;92u", "\e[92;5~", "\e[A", "\eOA", "\e",
        "\e\e", "\x1b[<0;10;20M", "\\", "é€😀", "\x1d", "\e[1;5D", "\e[I", "\e[99999999999999999999;5u", "\e[;;;u", "\e[" + "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17u",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormOfTheKeyDetachesAtTheTimeout(string form)
    {
        var typist = new Typist();
        typist.Type("ab" + form);
        Assert.Equal("ab", typist.Sent);
        Assert.False(typist.Detached);
        typist.Pause();
        Assert.True(typist.Detached);
        Assert.Equal("ab", typist.Sent);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AKeySplitAtAnyByteIsStillTheKey(string form)
    {
        for (int split = 1; split < form.Length; split++)
        {
            var typist = new Typist();
            typist.Type("x" + form[..split]);
            typist.Type(form[split..]);
            typist.Pause();
            Assert.True(typist.Detached, $"split at {split}");
            Assert.Equal("x", typist.Sent);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AKeyTypedByteByByteIsStillTheKey(string form)
    {
        var typist = new Typist();
        foreach (char c in form) typist.Type(c.ToString());
        typist.Pause();
        Assert.True(typist.Detached);
        Assert.Equal("", typist.Sent);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void PressedTwiceItIsSentOnce(string form)
    {
        var typist = new Typist();
        typist.Type(form + form + "z");
        typist.Pause();
        Assert.False(typist.Detached);
        Assert.Equal(form + "z", typist.Sent);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void PressedTwiceAndThenOnceDetaches(string form)
    {
        var typist = new Typist();
        typist.Type(form);
        typist.Type(form);
        typist.Type(form);
        typist.Pause();
        Assert.True(typist.Detached);
        Assert.Equal(form, typist.Sent);
    }

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public void OtherKeysPassUnchanged(string other)
    {
        var typist = new Typist();
        typist.Type(other + "q");
        typist.Pause();
        Assert.False(typist.Detached);
        Assert.Equal(other + "q", typist.Sent);
    }

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public void OtherKeysPassUnchangedByteByByte(string other)
    {
        var typist = new Typist();
        foreach (byte value in Encoding.UTF8.GetBytes(other + "q")) typist.Type([value]);
        typist.Pause();
        Assert.Equal(other + "q", typist.Sent);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void InsideABracketedPasteNothingIsLookedFor(string form)
    {
        string paste = PasteStart + "a" + form + form + "b" + form + PasteEnd;
        for (int split = 0; split <= paste.Length; split++)
        {
            var typist = new Typist();
            typist.Type(paste[..split]);
            typist.Type(paste[split..]);
            Assert.False(typist.Detached, $"split at {split}");
            Assert.Equal(paste, typist.Sent);
            typist.Type(form);
            typist.Pause();
            Assert.True(typist.Detached, $"after the paste, split at {split}");
        }
    }

    [Fact]
    public void APasteMarkerThatCameInTwoPartsStillCounts()
    {
        var typist = new Typist();
        typist.Type("\e[20");
        typist.PauseOnce();
        Assert.Equal("\e[20", typist.Sent);
        typist.Type("0~" + Legacy);
        Assert.Equal(PasteStart + Legacy, typist.Sent);
    }

    [Fact]
    public void APasteWhoseEndIsLostDoesNotLockTheUserIn()
    {
        var typist = new Typist();
        typist.Type(PasteStart + "abc");
        typist.PauseOnce();
        typist.Type(Legacy);
        typist.Pause();
        Assert.True(typist.Detached);
    }

    [Fact]
    public void ALoneEscapeIsHeldShortlyAndThenSent()
    {
        var typist = new Typist();
        typist.Type("\e");
        Assert.Equal("", typist.Sent);
        Assert.InRange(typist.Keys.TimeoutMilliseconds, 1, 50);
        typist.PauseOnce();
        Assert.Equal("\e", typist.Sent);
        Assert.Equal(-1, typist.Keys.TimeoutMilliseconds);
    }

    [Fact]
    public void EscapeAndThenTheKeyDetaches()
    {
        var typist = new Typist();
        typist.Type("\e" + Legacy);
        typist.Pause();
        Assert.True(typist.Detached);
        Assert.Equal("\e", typist.Sent);
    }

    [Fact]
    public void AnotherKeyAfterThePressDetachesAtOnceAndIsNotSent()
    {
        var typist = new Typist();
        typist.Type(Legacy + "rm -rf\r");
        Assert.True(typist.Detached);
        Assert.Equal("", typist.Sent);
    }

    [Fact]
    public void ReleaseAndModifierEventsBetweenTwoPressesDoNotCount()
    {
        var typist = new Typist();
        typist.Type("\e[92;5:1u\e[92;5:3u\e[57442;1:3u\e[57442;5:1u\e[92;5:1u");
        typist.Pause();
        Assert.False(typist.Detached);
        Assert.Equal("\e[92;5:1u", typist.Sent);
    }

    [Fact]
    public void WithoutAKeyEverythingPasses()
    {
        var typist = new Typist(key: null);
        typist.Type(Legacy + "\e[92;5u\e");
        Assert.Equal(Legacy + "\e[92;5u\e", typist.Sent);
        Assert.Equal(-1, typist.Keys.TimeoutMilliseconds);
    }

    [Theory]
    [InlineData(@"ctrl-\", 0x1c, '\\')]
    [InlineData("ctrl-a", 0x01, 'a')]
    [InlineData("CTRL-A", 0x01, 'a')]
    [InlineData("^]", 0x1d, ']')]
    [InlineData("c-_", 0x1f, '_')]
    public void AKeyIsReadFromItsName(string name, int legacy, char code)
    {
        DetachKey? key = DetachKey.Parse(name);
        Assert.Equal(new DetachKey((byte)legacy, code), key);
    }

    [Fact]
    public void NoneIsNoKey() => Assert.Null(DetachKey.Parse("none"));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ctrl-")]
    [InlineData("ctrl-[")]
    [InlineData("ctrl-m")]
    [InlineData("ctrl-ab")]
    [InlineData("ctrl-1")]
    public void AnotherNameIsRefused(string name) => Assert.Equal(2, Assert.Throws<Client.CliException>(() => DetachKey.Parse(name)).ExitCode);

    /// <summary>Types into the state machine as the input thread does.</summary>
    private sealed class Typist(DetachKey? key)
    {
        private readonly List<byte> _sent = [];

        public Typist()
            : this(DetachKey.Default)
        {
        }

        public DetachKeys Keys { get; } = new(key);

        public bool Detached { get; private set; }

        public string Sent => Encoding.UTF8.GetString([.. _sent]);

        public void Type(string text) => Type(Encoding.UTF8.GetBytes(text));

        public void Type(byte[] bytes)
        {
            var output = new byte[bytes.Length + DetachKeys.MaxHeldBytes];
            Detached |= Keys.Feed(bytes, output, out int written);
            _sent.AddRange(output[..written]);
        }

        /// <summary>Lets every timeout pass.</summary>
        public void Pause()
        {
            for (int i = 0; i < 5 && Keys.TimeoutMilliseconds >= 0 && !Detached; i++) PauseOnce();
        }

        public void PauseOnce()
        {
            var output = new byte[DetachKeys.MaxHeldBytes];
            Detached |= Keys.TimeOut(output, out int written);
            _sent.AddRange(output[..written]);
        }
    }
}
