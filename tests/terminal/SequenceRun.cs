using System.Text;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>Runs one case of a sequence file in one way.</summary>
internal sealed class SequenceRun(SequenceWay way)
{
    private readonly RecordingHost _host = new();
    private Vt.Terminal _terminal = TestTerminals.Fresh(10, 4);

    public void Run(IEnumerable<(int Line, string Command, string Arguments)> steps)
    {
        _terminal = TestTerminals.Fresh(10, 4, _host);
        foreach ((int line, string command, string arguments) in steps)
        {
            try
            {
                Step(command, arguments);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"line {line}: {command} {arguments}: {failure.Message}\n{_terminal.Describe()}", failure);
            }
        }
    }

    private void Step(string command, string arguments)
    {
        switch (command)
        {
            case "size":
                int[] size = Numbers(arguments);
                _terminal = TestTerminals.Fresh(size[0], size[1], _host);
                break;
            case "resize":
                int[] to = Numbers(arguments);
                _terminal.Resize(to[0], to[1]);
                break;
            case "feed":
                Feed(Encoding.UTF8.GetBytes(SequenceFile.Unquote(arguments)));
                break;
            case "bytes":
                Feed(Encoding.Latin1.GetBytes(SequenceFile.Unquote(arguments)));
                break;
            default:
                Expect(command, arguments);
                break;
        }
    }

    private void Expect(string command, string arguments)
    {
        string[] words = arguments.Split(' ', 2);
        switch (command)
        {
            case "cursor":
                Assert.Equal(arguments, $"{_terminal.CursorRow + 1} {_terminal.CursorColumn + 1}");
                break;
            case "line":
                Assert.Equal(SequenceFile.Unquote(words[1]), _terminal.RowText(int.Parse(words[0]) - 1));
                break;
            case "cell":
                string[] place = arguments.Split(' ', 3);
                Assert.Equal(SequenceFile.Unquote(place[2]), _terminal.DescribeCell(int.Parse(place[0]) - 1, int.Parse(place[1]) - 1));
                break;
            case "wrapped":
                Assert.True(_terminal.IsWrapped(int.Parse(arguments) - 1), "the line does not go on");
                break;
            case "mode":
                Assert.Equal(int.Parse(words[1]), _terminal.DescribeMode(int.Parse(words[0].TrimStart('?')), words[0][0] == '?'));
                break;
            case "reply":
                Assert.Equal(SequenceFile.Unquote(arguments), _host.Replies);
                _host.ClearReplies();
                break;
            case "event":
                Assert.Contains(arguments, _host.Events);
                break;
            case "title":
                Assert.Equal(SequenceFile.Unquote(arguments), _terminal.Title);
                break;
            case "cwd":
                Assert.Equal(SequenceFile.Unquote(arguments), _terminal.Cwd);
                break;
            case "scrollback":
                Assert.Equal(int.Parse(arguments), _terminal.ScrollbackCount);
                break;
            case "shape":
                Assert.Equal(arguments, _terminal.CursorShapeName);
                break;
            case "state":
                Assert.Contains(SequenceFile.Unquote(arguments), _terminal.Describe());
                break;
            default:
                throw new FormatException("no such command");
        }
    }

    private void Feed(byte[] bytes)
    {
        if (way == SequenceWay.ByteByByte)
        {
            foreach (byte b in bytes)
            {
                _terminal.Feed([b]);
            }
        }
        else
        {
            _terminal.Feed(bytes);
        }

        if (way is SequenceWay.Restored or SequenceWay.RestoredTwice && _terminal.PublishOffset == _terminal.Offset)
        {
            byte[] snapshot = TestTerminals.Snapshot(_terminal);
            var quiet = new RecordingHost();
            Vt.Terminal restored = TestTerminals.Dirty(_terminal.Columns, _terminal.Rows, new ForwardingHost(() => _host, quiet));
            quiet.ClearReplies();
            restored.Feed(snapshot);
            if (way == SequenceWay.RestoredTwice)
            {
                restored.Feed(snapshot);
            }

            Assert.Equal("", quiet.Replies);
            quiet.Events.Add("ready");
            _terminal = restored;
        }
    }

    private static int[] Numbers(string text) => [.. text.Split(' ').Select(int.Parse)];

    /// <summary>Records apart until the restored terminal is in use.</summary>
    private sealed class ForwardingHost(Func<RecordingHost> real, RecordingHost quiet) : ITerminalHost
    {
        private RecordingHost Now => quiet.Events.Contains("ready") ? real() : quiet;

        public void Reply(ReadOnlySpan<byte> bytes) => Now.Reply(bytes);

        public void TitleChanged() => Now.TitleChanged();

        public void CwdChanged() => Now.CwdChanged();

        public void Bell() => Now.Bell();

        public void PromptStarted() => Now.PromptStarted();

        public void CommandStarted() => Now.CommandStarted();

        public void CommandEnded(int? exitCode) => Now.CommandEnded(exitCode);

        public void ClipboardWrite(ReadOnlySpan<byte> selection, ReadOnlySpan<byte> base64) => Now.ClipboardWrite(selection, base64);
    }
}
