using System.Collections.Concurrent;
using System.Text.Json.Nodes;

[assembly: AssemblyFixture(typeof(Sessiond.Terminal.Tests.XtermReference))]

namespace Sessiond.Terminal.Tests;

/// <summary>
/// The second engine: @xterm/headless in node processes (xterm/reference.mjs) that live as long as the tests, as many as are asked at
/// the same time. Jobs go in batches, since a line to a process and back costs more than a short stream.
/// </summary>
public sealed class XtermReference : IDisposable
{
    private readonly ConcurrentBag<ReferenceProcess> _idle = [];

    /// <summary>`npm ci` was run in tests/terminal/xterm.</summary>
    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "@xterm", "headless"));

    private static string Folder => Path.Combine(TestFiles.Folder, "xterm");

    /// <summary>What each of the terminals shows after its job.</summary>
    internal string[] Show(IEnumerable<XtermJob> jobs)
    {
        if (!_idle.TryTake(out ReferenceProcess? process)) process = new ReferenceProcess(Folder);
        string line = process.Ask(new JsonArray([.. jobs.Select(static job => job.ToJson())]).ToJsonString()) ?? throw new InvalidOperationException("the reference ended");
        _idle.Add(process);
        return [.. JsonNode.Parse(line)!.AsArray().Select(static text => (string)text!)];
    }

    internal string Show(XtermJob job) => Show([job])[0];

    public void Dispose()
    {
        foreach (ReferenceProcess process in _idle) process.Dispose();
    }
}
