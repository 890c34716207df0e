namespace Sessiond.Spec;

/// <summary>Size of a terminal in cells, each 1 to <see cref="Max"/>.</summary>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Rows.</param>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>Most columns and most rows: a screen of this size is the most memory that a client can ask for.</summary>
    public const int Max = 1000;

    /// <summary><c>80x24</c>.</summary>
    public override string ToString() => $"{Columns}x{Rows}";
}
