namespace Sessiond.Cli.Attach;

/// <summary>
/// Finds the detach key in what the user types: a state machine over the input bytes. Everything else passes unchanged.
/// </summary>
/// <remarks>
/// A sequence that may turn out to be the key is held back until its final byte. The key pressed once detaches, after
/// a short wait for a second press; pressed twice it is sent once. Inside a bracketed paste nothing is looked for.
/// One thread only.
/// </remarks>
internal sealed class DetachKeys(DetachKey? key)
{
    /// <summary>Room that the output needs beyond the length of the input.</summary>
    internal const int MaxHeldBytes = 32;

    // Terminals write a key's sequence at once; over a network its bytes seldom part by more. A lone ESC waits as long.
    private const int SequenceMilliseconds = 10;

    // Two deliberate presses of a chord are 100 to 200 ms apart; a key that is held repeats after 250 ms or more.
    private const int SecondPressMilliseconds = 300;

    // A terminal sends a paste without a pause. After one this long its end is lost, and the user must get out.
    private const int PasteMilliseconds = 5000;

    // The kitty protocol's codes of shift, ctrl, alt and so on as keys of their own.
    private const int FirstModifierKey = 57441;
    private const int LastModifierKey = 57454;

    private const byte Escape = 0x1b;

    private readonly byte[] _held = new byte[MaxHeldBytes];
    private int _heldCount;
    private bool _passed;
    private bool _pressed;
    private bool _inPaste;
    private State _state;

    private enum State
    {
        Ground,
        Escape,
        Csi,
    }

    /// <summary>How long to wait for more input before <see cref="TimeOut"/> is to be called; -1: for ever.</summary>
    public int TimeoutMilliseconds
    {
        get
        {
            if (_pressed) return SecondPressMilliseconds;
            if (_state != State.Ground && !_passed) return SequenceMilliseconds;
            return _inPaste ? PasteMilliseconds : -1;
        }
    }

    /// <summary>Takes typed bytes and writes those that the session is to get.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="output">At least <see cref="MaxHeldBytes"/> longer than <paramref name="input"/>.</param>
    /// <param name="written">Bytes in <paramref name="output"/>.</param>
    /// <returns>True: detach. The rest of the input is dropped.</returns>
    public bool Feed(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        var sink = new Sink(output);
        bool detach = false;
        if (key is null) sink.Add(input);
        else
        {
            for (int i = 0; i < input.Length && !detach; i++) detach = Step(input[i], ref sink);
        }

        written = sink.Count;
        return detach;
    }

    /// <summary>Says that nothing was typed for <see cref="TimeoutMilliseconds"/>.</summary>
    /// <returns>True: detach.</returns>
    public bool TimeOut(Span<byte> output, out int written)
    {
        written = 0;
        if (_pressed) return true;
        if (_state == State.Ground) _inPaste = false;
        else if (!_passed)
        {
            // The sequence goes on being parsed: a paste marker that came in two parts still counts.
            var sink = new Sink(output);
            sink.Add(_held.AsSpan(0, _heldCount));
            written = sink.Count;
            _passed = true;
        }

        return false;
    }

    /// <summary>Takes one byte. In Escape and Csi a byte that does not belong there is taken again in Ground.</summary>
    private bool Step(byte value, ref Sink sink)
    {
        switch (_state)
        {
            case State.Escape when value == (byte)'[':
                _state = State.Csi;
                Hold(value, ref sink);
                return false;
            case State.Csi when value is >= 0x40 and <= 0x7e:
                Hold(value, ref sink);
                _state = State.Ground;
                return EndSequence(ref sink);
            case State.Csi when value is >= 0x20 and < 0x40 && _heldCount < MaxHeldBytes - 1:
                Hold(value, ref sink);
                return false;
            case State.Escape or State.Csi:
                _state = State.Ground;
                return Pass(Held, ref sink) || Step(value, ref sink);
            default:
                return StepGround(value, ref sink);
        }
    }

    private bool StepGround(byte value, ref Sink sink)
    {
        if (value == Escape)
        {
            _state = State.Escape;
            _heldCount = 0;
            _passed = _inPaste;
            Hold(value, ref sink);
            return false;
        }

        _passed = false;
        if (!_inPaste && value == key!.Legacy) return Press([value], ref sink);
        return Pass([value], ref sink);
    }

    private ReadOnlySpan<byte> Held => _held.AsSpan(0, _heldCount);

    private void Hold(byte value, ref Sink sink)
    {
        _held[_heldCount++] = value;
        if (_passed) sink.Add([value]);
    }

    /// <summary>A whole CSI sequence is held.</summary>
    private bool EndSequence(ref Sink sink)
    {
        ReadOnlySpan<byte> parameters = _held.AsSpan(2, _heldCount - 3);
        byte final = _held[_heldCount - 1];
        if (final == (byte)'~' && parameters.SequenceEqual("200"u8)) _inPaste = true;
        else if (final == (byte)'~' && parameters.SequenceEqual("201"u8)) _inPaste = false;
        else if (!_inPaste && !_passed)
        {
            switch (key!.Match(parameters, final))
            {
                case KeyEvent.Press:
                    return Press(Held, ref sink);
                case KeyEvent.Repeat or KeyEvent.Release when _pressed:
                case KeyEvent.None when _pressed && IsModifierKey(parameters, final):
                    return false;
            }
        }

        return Pass(Held, ref sink);
    }

    private bool Press(scoped ReadOnlySpan<byte> bytes, ref Sink sink)
    {
        if (_pressed) sink.Add(bytes);
        _pressed = !_pressed;
        return false;
    }

    /// <summary>Bytes that are not the key: they are sent, or end the wait for its second press.</summary>
    private bool Pass(scoped ReadOnlySpan<byte> bytes, ref Sink sink)
    {
        if (_pressed) return true;
        if (!_passed) sink.Add(bytes);
        return false;
    }

    private static bool IsModifierKey(ReadOnlySpan<byte> parameters, byte final) =>
        final == (byte)'u'
        && System.Buffers.Text.Utf8Parser.TryParse(parameters, out int code, out _)
        && code is >= FirstModifierKey and <= LastModifierKey;

    private ref struct Sink(Span<byte> output)
    {
        private readonly Span<byte> _output = output;

        public int Count { get; private set; }

        public void Add(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_output[Count..]);
            Count += bytes.Length;
        }
    }
}
