using Sessiond.Terminal.Benchmarks;
using Sessiond.Vt;

// Usage: dotnet run -c Release --project tests/bench-terminal [-- NAME]
(string Name, Func<byte[]> Make, int Goal)[] payloads =
[
    ("plain", Payloads.PlainLog, 500),
    ("sgr", Payloads.ColouredLog, 250),
    ("wide", Payloads.Wide, 250),
    ("scripts", Payloads.Scripts, 150),
    ("redraw", Payloads.Redraws, 200),
];

// Processor time, not wall time, so that other work on the machine matters less.
Console.WriteLine("payload   median MB/s  best MB/s  goal   bytes allocated per MB");
foreach ((string name, Func<byte[]> make, int goal) in payloads)
{
    if (args.Length > 0 && !args.Contains(name))
    {
        continue;
    }

    byte[] bytes = make();
    Measure(name, bytes, goal);
}

if (args.Length == 0 || args.Contains("memory"))
{
    Memory();
}

static void Measure(string name, byte[] bytes, int goal)
{
    const int chunk = 64 * 1024;
    const int rounds = 9;
    var terminal = new Sessiond.Vt.Terminal(new TerminalOptions(), SilentHost.Instance);
    var rates = new List<double>();
    long allocated = 0;
    for (int round = -2; round < rounds; round++)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan start = Environment.CpuUsage.UserTime;
        for (int i = 0; i < bytes.Length; i += chunk)
        {
            terminal.Feed(bytes.AsSpan(i, Math.Min(chunk, bytes.Length - i)));
        }

        double seconds = (Environment.CpuUsage.UserTime - start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (round >= 0)
        {
            rates.Add(bytes.Length / seconds / 1e6);
        }
    }

    rates.Sort();
    Console.WriteLine($"{name,-9} {rates[rates.Count / 2],11:0}  {rates[^1],9:0}  {goal,4}   {allocated / (bytes.Length / 1e6):0}");
}

static void Memory()
{
    var idle = new Sessiond.Vt.Terminal(new TerminalOptions(), SilentHost.Instance);
    Report("empty terminal", () => new Sessiond.Vt.Terminal(new TerminalOptions(), SilentHost.Instance));
    Report("terminal with a prompt", () =>
    {
        var terminal = new Sessiond.Vt.Terminal(new TerminalOptions(), SilentHost.Instance);
        terminal.Feed("$ "u8);
        return terminal;
    });
    byte[] log = Payloads.ColouredLog();
    Report("10,000 lines of a coloured build log", () =>
    {
        var terminal = new Sessiond.Vt.Terminal(new TerminalOptions(), SilentHost.Instance);
        terminal.Feed(log.AsSpan(0, 2 << 20));
        return terminal;
    });
    GC.KeepAlive(idle);
}

static void Report(string what, Func<Sessiond.Vt.Terminal> make)
{
    const int count = 8;
    make();
    var terminals = new Sessiond.Vt.Terminal[count];
    long before = GC.GetTotalMemory(forceFullCollection: true);
    for (int i = 0; i < count; i++)
    {
        terminals[i] = make();
    }

    long after = GC.GetTotalMemory(forceFullCollection: true);
    Console.WriteLine($"{what}: {(after - before) / count:N0} bytes, {terminals[0].ScrollbackCount} rows of scrollback");
    GC.KeepAlive(terminals);
}
