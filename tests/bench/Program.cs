namespace Sessiond.Bench;

/// <summary>Runs the figures that were asked for, prints the table.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (BenchOptions.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(BenchOptions.Usage);
            return 2;
        }

        try
        {
            Run(options);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // Caught here so that what was started is ended on the way out.
            Console.Error.WriteLine(exception);
            return 1;
        }
    }

    private static void Run(BenchOptions options)
    {
        using var bench = new Workbench(options);
        Console.Error.WriteLine($"binary {options.Binary}, {options.Rounds} rounds, beside the raw pty: {string.Join(", ", bench.PeerVersions())}");
        MachineLoad.WarnWhenHigh();
        var table = new FigureTable();
        try
        {
            foreach ((string name, Action<Workbench, FigureTable> measure) in Figures.Where(figure => options.Wants(figure.Name)))
            {
                Console.Error.WriteLine($"measuring {name} …");
                measure(bench, table);
            }
        }
        finally
        {
            MachineLoad.WarnWhenHigh();
            Console.WriteLine(table.Render());
        }
    }

    private static readonly (string Name, Action<Workbench, FigureTable> Measure)[] Figures =
    [
        ("throughput", ThroughputFigure.Measure),
        ("echo", EchoFigure.Measure),
        ("attach", AttachFigure.Measure),
        ("start", StartFigure.Measure),
        ("memory", MemoryFigure.Measure),
        ("interrupt", InterruptFigure.Measure),
        ("crowd", CrowdFigure.Measure),
        ("ticking", TickingFigure.Measure),
        ("upgrade", UpgradeFigure.Measure),
    ];
}
