using System.Buffers;
using System.Text;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Hooks;

/// <summary>
/// Cuts a hook's output into lines for those who follow all hooks at once, without escape sequences: each batch is tagged with the hook. A flood is thinned
/// out here; the hook's log has all of it.
/// </summary>
internal sealed class HookLines
{
    /// <summary>Lines that one batch holds; the rest of a flood is counted.</summary>
    private const int MaxLines = 100;

    private readonly Lock _gate = new(); // guards everything below
    private readonly PlainText _filter = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private List<string> _lines = [];
    private int _skipped;
    private bool _isTelling;

    /// <summary>Takes output. True when somebody is to <see cref="Take"/> soon.</summary>
    internal bool Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _filter.Write(bytes, _text);
            return Split();
        }
    }

    /// <summary>Takes a line of ours; one that has no end yet ends before it. True when somebody is to <see cref="Take"/> soon.</summary>
    internal bool AddNote(string text)
    {
        lock (_gate)
        {
            _filter.Flush(_text);
            _filter.Write(Encoding.UTF8.GetBytes(text + "\n"), _text);
            return Split();
        }
    }

    /// <summary>The lines so far.</summary>
    internal HookLogObject Take(string hook)
    {
        lock (_gate)
        {
            var batch = new HookLogObject(hook, _lines, _skipped);
            _lines = [];
            _skipped = 0;
            _isTelling = false;
            return batch;
        }
    }

    private bool Split()
    {
        if (_text.WrittenCount == 0) return false;
        foreach (string line in Encoding.UTF8.GetString(_text.WrittenSpan).TrimEnd('\n').Split('\n'))
        {
            if (_lines.Count < MaxLines) _lines.Add(line.TrimEnd('\r'));
            else _skipped++;
        }

        _text.ResetWrittenCount();
        bool isFirst = !_isTelling;
        _isTelling = true;
        return isFirst;
    }
}
