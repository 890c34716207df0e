using System.Buffers;
using System.Text;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Logs.Formats;

namespace Sessiond.Daemon.Tests;

/// <summary>Logs as asciicast v2.</summary>
public sealed class CastFormatTests
{
    private readonly List<LogMark> _marks = [];
    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void Each_piece_has_its_time_and_a_change_of_size_is_an_event()
    {
        _marks.AddRange([new(0, 1_000_500, 80, 24), new(5, 1_001_000, 80, 24), new(7, 1_002_500, 100, 30)]);
        var format = new CastFormat(() => _marks);
        format.Write(0, "hello w"u8, _output);
        format.Write(7, "orld"u8, _output);
        Assert.Equal(
            "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1000}\n[0,\"o\",\"hello\"]\n[0.5,\"o\",\" w\"]\n[2,\"r\",\"100x30\"]\n[2,\"o\",\"orld\"]\n", Text);
    }

    [Fact]
    public void A_character_that_is_cut_by_a_piece_comes_whole_and_a_wrong_byte_is_replaced()
    {
        _marks.Add(new(0, 0, 10, 5));
        var format = new CastFormat(() => _marks);
        byte[] bytes = [.. "\e[1m"u8, .. "é"u8, 0xFF, .. "\r\n"u8];
        format.Write(0, bytes.AsSpan(0, 5), _output);
        format.Write(5, bytes.AsSpan(5), _output);
        Assert.EndsWith("[0,\"o\",\"\\u001B[1m\"]\n[0,\"o\",\"é\uFFFD\\r\\n\"]\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_set_back_never_makes_time_run_backwards()
    {
        _marks.AddRange([new(0, 5000, 10, 5), new(1, 9000, 10, 5), new(2, 100, 10, 5), new(3, 9500, 10, 5)]);
        new CastFormat(() => _marks).Write(0, "abcd"u8, _output);
        Assert.EndsWith("[0,\"o\",\"a\"]\n[4,\"o\",\"b\"]\n[4,\"o\",\"c\"]\n[4.5,\"o\",\"d\"]\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_are_saved_bounded_and_found_again()
    {
        string folder = Directory.CreateTempSubdirectory("sessiond-marks-").FullName;
        try
        {
            var marks = new LogMarks(() => folder);
            for (int i = 0; i < 200_000; i++)
            {
                marks.Add(i, i * 20L, 80, 24);
                if (i % 1000 == 0) marks.Save();
            }

            marks.Save();
            Assert.InRange(new FileInfo(Path.Combine(folder, "times")).Length, 1 << 18, 1 << 20);
            IReadOnlyList<LogMark> read = new LogMarks(() => folder).Read();
            Assert.Equal((0L, 199_999L), (read[0].Offset, read[^1].Offset));
            Assert.Equal(read.OrderBy(mark => mark.Offset), read);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Text => Encoding.UTF8.GetString(_output.WrittenSpan);
}
