namespace Sessiond.Vt;

/// <summary>
/// Mouse tracking (9, 1000-1003) and encoding (1005, 1006, 1015, 1016). In each family one is in force, the last that was
/// set (xterm). The order in which the program set them is kept for clients that rank them otherwise.
/// </summary>
internal sealed class MouseModes
{
    private readonly List<int> _set = [];

    /// <summary>Tracking mode in force, 0 is none.</summary>
    public int Tracking { get; private set; }

    /// <summary>Encoding in force, 0 is that of X10.</summary>
    public int Encoding { get; private set; }

    /// <summary>Modes to set, in the program's order, to get to this state.</summary>
    public IReadOnlyList<int> InOrder => _set;

    public static bool IsEncoding(int number) => number is 1005 or 1006 or 1015 or 1016;

    public void Set(int number)
    {
        _set.Remove(number);
        _set.Add(number);
        if (IsEncoding(number))
        {
            Encoding = number;
        }
        else
        {
            Tracking = number;
        }
    }

    /// <summary>Any tracking mode turns tracking off; only the encoding in force turns encoding off (xterm, ctlseqs).</summary>
    public void Reset(int number)
    {
        if (!IsEncoding(number))
        {
            Tracking = 0;
            _set.RemoveAll(static mode => !IsEncoding(mode));
        }
        else if (number == Encoding)
        {
            Encoding = 0;
            _set.RemoveAll(IsEncoding);
        }
        else
        {
            _set.Remove(number);
        }
    }

    public void Clear()
    {
        _set.Clear();
        Tracking = 0;
        Encoding = 0;
    }
}
