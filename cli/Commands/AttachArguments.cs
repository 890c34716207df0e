using System.CommandLine;
using Sessiond.Cli.Attach;

namespace Sessiond.Cli.Commands;

/// <summary>The options of every verb that attaches.</summary>
internal sealed class AttachArguments
{
    public Option<bool> Observe { get; } = new("--observe") { Description = "Look on: neither type nor resize" };

    public Option<bool> NoTakeover { get; } = new("--no-takeover") { Description = "Fail (6) when somebody else has control" };

    public Option<int?> Scrollback { get; } = new("--scrollback") { Description = "Bring this many lines of scrollback (default: all)", HelpName = "N" };

    public Option<string> DetachKeys { get; } = new("--detach-keys")
    {
        Description = "Key that detaches, such as ctrl-a; none for no key. Press it twice to send it",
        HelpName = "KEY",
        DefaultValueFactory = _ => @"ctrl-\",
    };

    public AttachArguments() => Scrollback.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() is < 0) result.AddError("--scrollback takes a number of lines");
    });

    public void AddTo(Command command)
    {
        command.Options.Add(Observe);
        command.Options.Add(NoTakeover);
        command.Options.Add(Scrollback);
        command.Options.Add(DetachKeys);
    }

    public AttachOptions Read(ParseResult parsed, string name) => new(
        name,
        parsed.GetValue(Observe),
        !parsed.GetValue(NoTakeover),
        parsed.GetValue(Scrollback),
        DetachKey.Parse(parsed.GetValue(DetachKeys)!));
}
