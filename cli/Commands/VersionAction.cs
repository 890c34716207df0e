using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>--version</c>.</summary>
internal sealed class VersionAction(TextWriter output) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        string? version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        output.WriteLine($"sessiond {version}");
        return ExitCode.Done;
    }
}
