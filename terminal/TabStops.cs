using System.Collections;

namespace Sessiond.Vt;

/// <summary>Columns at which HT stops; every eighth one after a reset.</summary>
internal sealed class TabStops
{
    private const int DefaultDistance = 8;
    private readonly BitArray _stops = new(Terminal.MaxSize);

    public TabStops(int columns)
    {
        Columns = columns;
        Reset();
    }

    /// <summary>Width of the screen; stops beyond it are kept for when it gets wider.</summary>
    public int Columns { get; set; }

    public bool IsDefault
    {
        get
        {
            for (int x = 0; x < _stops.Length; x++)
            {
                if (_stops[x] != IsDefaultAt(x))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool this[int column]
    {
        get => _stops[column];
        set => _stops[column] = value;
    }

    public void Reset()
    {
        for (int x = 0; x < _stops.Length; x++)
        {
            _stops[x] = IsDefaultAt(x);
        }
    }

    public void Clear() => _stops.SetAll(false);

    /// <summary>The next stop right of a column, or the last column.</summary>
    public int Next(int column)
    {
        for (column++; column < Columns; column++)
        {
            if (_stops[column])
            {
                return column;
            }
        }

        return Columns - 1;
    }

    /// <summary>The next stop left of a column, or the first column.</summary>
    public int Previous(int column)
    {
        for (column--; column > 0; column--)
        {
            if (_stops[column])
            {
                return column;
            }
        }

        return 0;
    }

    private static bool IsDefaultAt(int column) => column > 0 && column % DefaultDistance == 0;
}
