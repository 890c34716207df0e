using System.Buffers;

namespace Sessiond.Vt;

/// <content>Snapshots.</content>
public sealed partial class Terminal
{
    /// <summary>
    /// Writes the state at <see cref="PublishOffset"/> as bytes that bring a terminal of the same size, in whatever state it
    /// is, to this state. They hold no query, no BEL of their own, no clipboard and no synchronized update.
    /// </summary>
    public void WriteSnapshot(IBufferWriter<byte> output, SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        new SnapshotWriter(this, output, options).Write();
    }

    /// <summary>Writes a snapshot; it sees everything of its terminal.</summary>
    private sealed partial class SnapshotWriter(Terminal terminal, IBufferWriter<byte> output, SnapshotOptions options)
    {
        /// <summary>Bytes collected before they are handed on.</summary>
        private const int FlushBytes = 16 * 1024;

        private readonly ByteWriter _out = new();
        private readonly Terminal _terminal = terminal;
        private Style _pen;
        private bool _clusters;

        /// <summary>What the client counts coordinates from: the margins once origin mode is set.</summary>
        private int _originRow;
        private int _originColumn;

        public void Write()
        {
            ResetClient();
            WriteInactiveAlternate();
            WriteSavedModes();
            WriteStacks();
            if (!options.KeepClientScrollback)
            {
                _out.Add("\e[2J\e[H\e[3J"u8);
            }
            else
            {
                _out.Add("\e[H\e[2J"u8);
            }

            WriteSaved(_terminal._primary.Saved);
            PaintPrimary();
            if (_terminal.AlternateScreen)
            {
                WriteKeyboard(_terminal._primary);

                // Mode 1049 saves the cursor, so the one that is saved already is made the current one before.
                SavedCursor saved = _terminal._primary.Saved;
                if (saved.Row < _terminal.Rows && _terminal._primary[saved.Row].Size == LineSize.Single)
                {
                    WriteMarginFor(saved);
                }

                _out.Add("\e8\e[?1049h\e[?69l"u8);
                ResetPen();
                WriteSaved(_terminal._screen.Saved);
                Paint(_terminal._screen, [], wholeScreen: false);
            }

            WriteState();
            WriteOpenString();
            Flush();
        }

        private void PaintPrimary()
        {
            int lines = Math.Min(options.ScrollbackLines, _terminal._scrollback.Count);
            IEnumerable<ReadOnlyMemory<byte>> rows = lines > 0 ? _terminal._scrollback.ReadLast(lines) : [];
            Paint(_terminal._primary, rows, wholeScreen: lines > 0);
        }

        private void Csi(string body)
        {
            _out.Add("\e["u8);
            _out.AddText(body);
        }

        private void MoveTo(int row, int column) => Csi(Invariant($"{row + 1 - _originRow};{column + 1 - _originColumn}H"));

        private void SetPen(in Style pen)
        {
            SgrWriter.WriteChange(_out, _pen, pen, _terminal._links);
            _pen = pen;
        }

        /// <summary>Ends what DECRC brought: pen, protection, link, character sets, origin mode; and clears the screen without it.</summary>
        private void ResetPen() => _out.Add("\e[m\e[0\"q\e]8;;\e\\\e(B\e)B\e*B\e+B\e}\u000f\e[?6l\e[2J\e[H"u8);

        private void Flush()
        {
            output.Write(_out.Written);
            _out.Clear();
        }

        private void FlushWhenFull()
        {
            if (_out.Length > FlushBytes)
            {
                Flush();
            }
        }
    }
}
