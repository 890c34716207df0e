using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>A command, or the named commands of a table, which run in parallel.</summary>
/// <param name="Commands">At least one.</param>
public sealed record CommandSet(ValueList<NamedCommand> Commands)
{
    internal CommandSet(Command command)
        : this([new NamedCommand(null, command)])
    {
    }
}
