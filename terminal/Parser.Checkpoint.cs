namespace Sessiond.Vt;

/// <content>
/// What a checkpoint keeps of the parser: nothing but a position when it is at rest there; what it is in the middle of when bytes of an open string are published.
/// </content>
internal sealed partial class Parser<THandler>
{
    public void WriteCheckpoint(ByteWriter writer)
    {
        writer.AddInt64(RestOffset);
        writer.Add(IsReleased ? (byte)1 : (byte)0);
        if (!IsReleased)
        {
            return;
        }

        writer.Add((byte)_state);
        writer.Add((byte)OpenString);
        writer.Add(TextOverflowed ? (byte)1 : (byte)0);
        writer.Add(_previousTextByte);
        writer.AddInt64(SequenceStart);
        writer.AddInt64(_escapeAt);
        _sequence.WriteCheckpoint(writer);
        writer.AddBlock(TextOverflowed ? default : OpenText);
    }

    public void Restore(ref CheckpointReader reader)
    {
        Reset();
        _base = reader.ReadInt64();
        SequenceStart = _base;
        SequenceEnd = _base;
        if (!reader.ReadBool())
        {
            return;
        }

        var state = (ParserState)reader.ReadByte();
        StartText((StringKind)reader.ReadByte());
        _state = state;
        bool overflowed = reader.ReadBool();
        byte previous = reader.ReadByte();
        SequenceStart = reader.ReadInt64();
        _escapeAt = reader.ReadInt64();
        _sequence.Restore(ref reader);
        Keep(reader.ReadBlock());
        TextOverflowed = overflowed;
        _previousTextByte = previous;
    }
}
