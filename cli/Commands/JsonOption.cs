using System.CommandLine;

namespace Sessiond.Cli.Commands;

/// <summary><c>--json</c>: the API's own JSON instead of text.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Print the API's JSON" };
}
