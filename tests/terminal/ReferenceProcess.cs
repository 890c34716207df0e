using System.Diagnostics;

namespace Sessiond.Terminal.Tests;

/// <summary>One node process that shows streams: a line of JSON in, one out.</summary>
internal sealed class ReferenceProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it in the folder of reference.mjs.</summary>
    internal ReferenceProcess(string folder) => _process = Process.Start(new ProcessStartInfo("node", "reference.mjs")
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Says a line and waits for the answer; null when the process ended.</summary>
    internal string? Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5000);
        _process.Dispose();
    }
}
