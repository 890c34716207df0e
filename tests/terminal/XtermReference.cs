using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sessiond.Terminal.Tests;

/// <summary>The second engine: @xterm/headless in a node process (xterm/reference.mjs), fed over its stdin.</summary>
public sealed class XtermReference : IDisposable
{
    private readonly Process? _process;

    public XtermReference()
    {
        if (IsInstalled)
        {
            _process = Process.Start(new ProcessStartInfo("node", "reference.mjs")
            {
                WorkingDirectory = Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            });
        }
    }

    /// <summary>`npm ci` was run in tests/terminal/xterm.</summary>
    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules", "@xterm", "headless"));

    private static string Folder => Path.Combine(TestFiles.Folder, "xterm");

    /// <summary>What it shows after the parts.</summary>
    public string Show(int columns, int rows, int scrollback, params byte[][] parts)
    {
        var request = new JsonObject
        {
            ["cols"] = columns,
            ["rows"] = rows,
            ["scrollback"] = scrollback,
            ["data"] = new JsonArray([.. parts.Select(static p => JsonValue.Create(Convert.ToBase64String(p)))]),
        };
        _process!.StandardInput.WriteLine(request.ToJsonString());
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the reference ended");
        JsonNode answer = JsonNode.Parse(line)!;
        return $"cursor {answer["cursor"]![1]},{answer["cursor"]![0]} pending={answer["pending"]} alternate={answer["alternate"]}\n"
            + $"modes {answer["modes"]} mouse={answer["mouse"]}\ntitle {answer["title"]}\nscrollback {answer["scrollback"]}\n"
            + $"normal\n{string.Join('\n', answer["normal"]!.AsArray())}\nshown\n{string.Join('\n', answer["shown"]!.AsArray())}\n";
    }

    public void Dispose()
    {
        _process?.StandardInput.Close();
        _process?.WaitForExit(5000);
        _process?.Dispose();
    }
}
