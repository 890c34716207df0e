namespace Sessiond.Vt;

/// <content>ESC sequences.</content>
public sealed partial class Terminal
{
    private void EscDispatch(ControlSequence s)
    {
        _lastGraphic = -1;
        switch (s.Intermediates)
        {
            case 0:
                PlainEsc(s.Final);
                break;
            case '#':
                LineEsc(s.Final);
                break;
            case '(' or ')' or '*' or '+':
                _charsets[s.Intermediates - '('] = s.Final;
                break;
            case ' ' when s.Final is (byte)'F' or (byte)'G':
                // S7C1T, S8C1T: how the engine's own reports start
                _eightBitReplies = s.Final == 'G';
                break;
        }
    }

    private void PlainEsc(byte final)
    {
        switch (final)
        {
            case (byte)'7':
                SaveCursor();
                break;
            case (byte)'8':
                RestoreCursor();
                break;
            case (byte)'D':
                Index();
                break;
            case (byte)'E':
                Index();
                CarriageReturn();
                break;
            case (byte)'M':
                ReverseIndex();
                break;
            case (byte)'6':
                BackIndex();
                break;
            case (byte)'9':
                ForwardIndex();
                break;
            case (byte)'H':
                _tabStops[_column] = true;
                break;
            case (byte)'N':
                _singleShift = 2;
                break;
            case (byte)'O':
                _singleShift = 3;
                break;
            case (byte)'V':
                SetProtection(on: true, iso: true);
                break;
            case (byte)'W':
                SetProtection(on: false, iso: true);
                break;
            case (byte)'Z':
                ReplyPrimaryAttributes();
                break;
            case (byte)'c':
                ResetState();
                break;
            case (byte)'=':
                SetMode(Mode.ApplicationKeypad, true);
                _modeOwners[66] = _foregroundGroup;
                break;
            case (byte)'>':
                SetMode(Mode.ApplicationKeypad, false);
                break;
            default:
                LockingShift(final);
                break;
        }
    }

    private void LockingShift(byte final)
    {
        switch (final)
        {
            case (byte)'n':
                _charsets.Left = 2;
                break;
            case (byte)'o':
                _charsets.Left = 3;
                break;
            case (byte)'~':
                _charsets.Right = 1;
                break;
            case (byte)'}':
                _charsets.Right = 2;
                break;
            case (byte)'|':
                _charsets.Right = 3;
                break;
        }
    }

    private void LineEsc(byte final)
    {
        switch (final)
        {
            case (byte)'3':
                SetLineSize(LineSize.DoubleHeightTop);
                break;
            case (byte)'4':
                SetLineSize(LineSize.DoubleHeightBottom);
                break;
            case (byte)'5':
                SetLineSize(LineSize.Single);
                break;
            case (byte)'6':
                SetLineSize(LineSize.DoubleWidth);
                break;
            case (byte)'8':
                AlignmentTest();
                break;
        }
    }
}
