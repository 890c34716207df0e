using System.CommandLine;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Cli.Commands;

/// <summary>What every verb needs: where to print, the environment, the clock, and the options that go before or after each verb.</summary>
internal sealed class CliContext
{
    public CliContext(CliOutput output, Func<string, string?> environment, TimeProvider time)
    {
        Output = output;
        Environment = environment;
        Time = time;
    }

    public CliOutput Output { get; }

    public Func<string, string?> Environment { get; }

    public TimeProvider Time { get; }

    public Option<string?> Socket { get; } = new("--socket")
    {
        Description = "Unix socket of the daemon (else $SESSIOND_SOCKET, else the default places)",
        HelpName = "PATH",
        Recursive = true,
    };

    public Option<string?> Url { get; } = new("--url")
    {
        Description = "Address of a daemon that listens on TCP",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the token for --url",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Where the options say that the daemon is.</summary>
    /// <exception cref="CliException">The options contradict each other.</exception>
    public Endpoint EndpointOf(ParseResult parsed) =>
        Endpoint.Discover(parsed.GetValue(Socket), parsed.GetValue(Url), parsed.GetValue(TokenFile), Environment, StandardIo.EffectiveUser);

    /// <summary>A client for that daemon; nothing is connected yet.</summary>
    /// <exception cref="CliException">The options contradict each other, or the token cannot be read.</exception>
    public ApiClient Open(ParseResult parsed) => new(EndpointOf(parsed), StandardIo.EffectiveUser, ClientVariables.Encode(Environment));
}
