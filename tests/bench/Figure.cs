namespace Sessiond.Bench;

/// <summary>One row of the table: samples per column.</summary>
internal sealed class Figure
{
    private readonly Dictionary<Column, List<double>> _samples = [];

    internal Figure(string name, string unit)
    {
        Name = name;
        Unit = unit;
    }

    internal string Name { get; }

    internal string Unit { get; }

    internal void Add(Column column, double sample)
    {
        if (!_samples.TryGetValue(column, out List<double>? list)) _samples[column] = list = [];
        list.Add(sample);
    }

    /// <summary>The median over the rounds; null when the column was not measured.</summary>
    internal double? Median(Column column) => _samples.TryGetValue(column, out List<double>? list) ? Percentile(list, 50) : null;

    /// <summary>Nearest rank.</summary>
    internal static double Percentile(IEnumerable<double> samples, int percent)
    {
        double[] sorted = [.. samples.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100.0) - 1, 0, sorted.Length - 1)];
    }
}
