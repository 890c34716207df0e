using System.Text;

namespace Sessiond.Vt;

/// <content>Reading an encoded row.</content>
internal sealed partial class RowCodec
{
    /// <summary>Reads an encoded row, cell by cell and then run by run.</summary>
    public ref struct RowReader
    {
        private readonly bool _ascii;
        private ReadOnlySpan<byte> _text;
        private ReadOnlySpan<byte> _runs;

        public RowReader(ReadOnlySpan<byte> encoded)
        {
            Flags = (RowFlags)encoded[0];
            encoded = encoded[1..];
            int length = (int)ReadVarint(ref encoded);
            _text = encoded[..length];
            _runs = encoded[length..];
            _ascii = Flags.HasFlag(RowFlags.Ascii);
        }

        /// <summary>Reads text alone.</summary>
        public RowReader(ReadOnlySpan<byte> text, bool isAscii)
        {
            _text = text;
            _ascii = isAscii;
        }

        public RowFlags Flags { get; }

        public bool TryReadCell(scoped Span<int> codes, out int count, out bool wide)
        {
            count = 1;
            wide = false;
            if (_text.IsEmpty)
            {
                return false;
            }

            if (_ascii)
            {
                codes[0] = _text[0];
                _text = _text[1..];
                count = codes[0] == 0 ? 0 : 1;
                return true;
            }

            bool otherWidth = _text[0] == OtherWidthToken;
            if (otherWidth)
            {
                _text = _text[1..];
            }

            if (_text[0] == ClusterToken)
            {
                _text = _text[1..];
                count = (int)ReadVarint(ref _text);
            }

            for (int i = 0; i < count; i++)
            {
                Rune.DecodeFromUtf8(_text, out Rune rune, out int consumed);
                codes[i] = rune.Value;
                _text = _text[consumed..];
            }

            wide = (UnicodeTable.Width(codes[0]) == 2) != otherWidth;
            count = codes[0] == 0 ? 0 : count;
            return true;
        }

        public bool TryReadRun(LinkTable links, out int length, out Style style)
        {
            style = default;
            length = 0;
            if (_runs.IsEmpty)
            {
                return false;
            }

            length = (int)ReadVarint(ref _runs);
            var fields = (Fields)_runs[0];
            _runs = _runs[1..];
            style.Foreground = fields.HasFlag(Fields.Foreground) ? ReadColor(ref _runs) : 0;
            style.Background = fields.HasFlag(Fields.Background) ? ReadColor(ref _runs) : 0;
            style.UnderlineColor = fields.HasFlag(Fields.UnderlineColor) ? ReadColor(ref _runs) : 0;
            style.Attributes = fields.HasFlag(Fields.Attributes) ? (CellAttributes)ReadVarint(ref _runs) : 0;
            if (fields.HasFlag(Fields.Link))
            {
                ReadOnlySpan<byte> id = ReadBytes(ref _runs);
                ReadOnlySpan<byte> uri = ReadBytes(ref _runs);
                style.Link = links.Intern(id, uri);
            }

            return true;
        }

        private static uint ReadColor(ref ReadOnlySpan<byte> bytes)
        {
            uint value = ReadVarint(ref bytes);
            return (value >> 2) | ((value & 3) << 24);
        }

        private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> bytes)
        {
            int length = (int)ReadVarint(ref bytes);
            ReadOnlySpan<byte> read = bytes[..length];
            bytes = bytes[length..];
            return read;
        }

        private static uint ReadVarint(ref ReadOnlySpan<byte> bytes)
        {
            uint value = 0;
            for (int shift = 0, i = 0; ; shift += 7)
            {
                byte b = bytes[i++];
                value |= (uint)(b & 0x7F) << shift;
                if (b < 0x80)
                {
                    bytes = bytes[i..];
                    return value;
                }
            }
        }
    }
}
