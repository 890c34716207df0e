using System.Buffers;
using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>I5: modes of the dead are disarmed, those of the living stay.</summary>
public sealed class DisarmingTests
{
    private const int Shell = 100;
    private const int Editor = 200;

    [Fact]
    public void T03_what_a_dead_program_armed_is_turned_off()
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.ForegroundGroup = Shell;
        terminal.Feed("\e[?2004h$ vim\e7");
        string before = terminal.Describe();
        terminal.ForegroundGroup = Editor;
        terminal.Feed("\e[?1049h\e[?1003h\e[?1006h\e[?1004h\e[?1h\e=\e[?25l\e[>5u\e[>4;2m");
        Assert.Equal([Shell, Editor], terminal.ModeOwners);
        terminal.Feed(Disarming(terminal, Editor));
        Assert.Equal(before, terminal.Describe());
        Assert.Equal([Shell], terminal.ModeOwners);
    }

    [Fact]
    public void What_the_shell_set_itself_stays()
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.ForegroundGroup = Editor;
        terminal.Feed("\e[?2004h\e[?1000h");
        terminal.ForegroundGroup = Shell;
        terminal.Feed("\e[?2004h");
        Assert.Equal("\e[?1000l", Encoding.ASCII.GetString(Disarming(terminal, Editor)));
    }

    [Fact]
    public void Nothing_is_written_when_nothing_is_armed()
    {
        var terminal = TestTerminals.Fresh(20, 5);
        terminal.ForegroundGroup = Editor;
        terminal.Feed("\e[?1049h\e[?1003h\e[?1003l\e[?1049l\e[>1u\e[<u");
        Assert.Empty(terminal.ModeOwners);
        Assert.Empty(Disarming(terminal, Editor));
    }

    private static byte[] Disarming(Vt.Terminal terminal, int group)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(terminal.WriteDisarming([group], output), output.WrittenCount > 0);
        return output.WrittenSpan.ToArray();
    }
}
