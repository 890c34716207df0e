using System.Runtime.InteropServices;

namespace Sessiond.Vt;

/// <content>Which bytes of the stream are not for everyone.</content>
public sealed partial class Terminal
{
    private readonly List<StreamRange> _ranges = [];
    private long _openCoveredTo;

    /// <summary>
    /// Bytes that are not forwarded to everyone, in order, positions absolute; only what
    /// <see cref="DropRangesBefore"/> has not dropped. Valid until the next call of a method that is no getter.
    /// </summary>
    public ReadOnlySpan<StreamRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Forgets ranges that end at or before a position.</summary>
    public void DropRangesBefore(long offset)
    {
        int count = 0;
        while (count < _ranges.Count && _ranges[count].End <= offset)
        {
            count++;
        }

        _ranges.RemoveRange(0, count);
    }

    /// <summary>Covers the sequence that is being dispatched.</summary>
    private void CoverQuery() => Cover(StreamRangeKind.Query, dispatching: true);

    private void Cover(StreamRangeKind kind, bool dispatching)
    {
        if (!dispatching)
        {
            return;
        }

        AddRange(new StreamRange(Math.Max(_parser.SequenceStart, _openCoveredTo), _parser.SequenceEnd, kind));
    }

    /// <summary>Covers a string as it comes when it is too long to be held back and its kind is known already.</summary>
    private void CoverOpenString()
    {
        if (_parser.OpenString == StringKind.None || !_parser.IsReleased)
        {
            return;
        }

        if (OpenKind() is { } kind)
        {
            AddRange(new StreamRange(Math.Max(_parser.SequenceStart, _openCoveredTo), Offset, kind));
            _openCoveredTo = Offset;
        }
    }

    private StreamRangeKind? OpenKind()
    {
        ReadOnlySpan<byte> text = _parser.OpenText;
        return _parser.OpenString switch
        {
            StringKind.Osc when text.StartsWith("52;"u8) => StreamRangeKind.ControllerOnly,
            StringKind.Dcs when IsDcsQuery(_parser.OpenSequence) => StreamRangeKind.Query,
            _ => null,
        };
    }

    private void AddRange(StreamRange range)
    {
        if (range.End > range.Start)
        {
            _ranges.Add(range);
        }
    }
}
