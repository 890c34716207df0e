namespace Sessiond.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchOptions
{
    internal const string Usage =
        "usage: bench.sh [--only throughput,echo,attach,start,memory,interrupt,crowd,ticking,upgrade] [--payload ascii,sgr,utf8,redraw] [--quick] [--rounds N] [--no-peers] [--binary FILE]";

    /// <summary>The native binary that is measured.</summary>
    internal string Binary { get; private init; } = Environment.GetEnvironmentVariable("SESSIOND_BINARY") ?? "out/sessiond";

    /// <summary>Names of figures; empty: all.</summary>
    internal IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Names of payloads; empty: all.</summary>
    internal IReadOnlyList<string> Payloads { get; private init; } = [];

    /// <summary>Few and short rounds: for a look while tuning, not for publishing.</summary>
    internal bool Quick { get; private init; }

    /// <summary>Interleaved rounds; a figure is the median over them.</summary>
    internal int Rounds { get; private init; } = 5;

    /// <summary>Whether tmux and dtach are measured too, where installed.</summary>
    internal bool Peers { get; private init; } = true;

    internal bool Wants(string figure) => Only.Count == 0 || Only.Contains(figure);

    /// <summary>Null when the arguments are not understood.</summary>
    internal static BenchOptions? Parse(string[] args)
    {
        var options = new BenchOptions();
        bool roundsGiven = false;
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick": options = options with { Quick = true }; continue;
                case "--no-peers": options = options with { Peers = false }; continue;
                case "--only" when value is not null: options = options with { Only = value.Split(',') }; break;
                case "--payload" when value is not null: options = options with { Payloads = value.Split(',') }; break;
                case "--binary" when value is not null: options = options with { Binary = value }; break;
                case "--rounds" when int.TryParse(value, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    roundsGiven = true;
                    break;
                default: return null;
            }

            i++;
        }

        if (options.Quick && !roundsGiven) options = options with { Rounds = 3 };
        options = options with { Binary = Path.GetFullPath(options.Binary) };
        if (File.Exists(options.Binary)) return options;
        Console.Error.WriteLine($"{options.Binary}: no such file; `make build` makes it");
        return null;
    }
}
