using Sessiond.Spec.Api;
using Sessiond.Spec.Toml;

namespace Sessiond.Spec.Decoding;

/// <summary>Commands, variables and what else says what runs.</summary>
internal static class CommandTypes
{
    private static readonly SpecType<string> ShellText = SpecTypes.Word;

    // An argument may be empty, the program may not.
    private static readonly SpecType<ValueList<string>> Argv = SpecTypes.ListOf(SpecTypes.Text.Checked(text => text.Contains('\0') ? "must not hold a NUL character" : null))
        .Checked(argv => argv.Count == 0 || argv[0].Length == 0 ? "a command needs a program" : null);

    /// <summary>A string for <c>sh -c</c>, or an argv.</summary>
    public static readonly SpecType<Command> Command = new(
        "command",
        (value, reading) => value switch
        {
            TomlString => ShellText.Read(value, reading).Then<Command>(text => Api.Command.FromShell(text)),
            TomlArray => Argv.Read(value, reading).Then<Command>(argv => Api.Command.FromArgv(argv)),
            _ => reading.FailType(value, "a command: a string, or an array of strings"),
        },
        json => SpecTypes.AnyOf(json, ShellText.WriteSchema, Argv.WriteSchema));

    /// <summary>A command, or a table of named ones that run in parallel.</summary>
    public static readonly SpecType<CommandSet> Commands = SpecTypes.OrTable(
        Command.Select(command => new CommandSet(command)),
        SpecTypes.Entries("named commands", Command, ProblemOfCommandName, (name, command) => new NamedCommand(name, command))
            .Checked(commands => commands.Count == 0 ? "a table of commands needs at least one" : null)
            .Select(commands => new CommandSet(commands)));

    /// <summary>Keys of a variable that is not set but changed.</summary>
    public static readonly SpecTable<EnvEntry> EnvEntryTable = new SpecTable<EnvEntry>("env.NAME", "A variable that is changed rather than set.")
        .Key("prepend", SpecTypes.ListOf(NameTypes.Expandable), "[]", "Put before what is there, joined by \":\".", (entry, list) => entry with { Prepend = list })
        .Key("append", SpecTypes.ListOf(NameTypes.Expandable), "[]", "Put behind what is there, joined by \":\".", (entry, list) => entry with { Append = list })
        .Key("unset", SpecTypes.Flag, "false", "The variable is removed.", (entry, unset) => entry with { Unset = unset });

    /// <summary><c>[env]</c>: values, or what is done to a value that is there.</summary>
    public static readonly SpecType<ValueList<EnvEntry>> Env = SpecTypes.Entries(
        "variables",
        SpecTypes.OrTable(
            new SpecType<EnvEntry>("text", ReadVariable, NameTypes.Expandable.WriteSchema),
            SpecTypes.Table(EnvEntryTable, new EnvEntry { Name = "" }).Checked(ProblemOfChange)),
        NameTypes.ProblemOfVariable,
        (name, entry) => entry with { Name = name });

    /// <summary><c>hook:NAME</c> or <c>session:NAME</c>. Whether a hook's name is an event's is found out when all hooks are known.</summary>
    public static readonly SpecType<ValueList<Need>> Needs = SpecTypes.ListOf(
        SpecTypes.Text.Checked(text => ParseNeed(text) is null ? $"\"{SpecText.Printable(text)}\" is not \"hook:NAME\" or \"session:NAME\"" : null, "hook:NAME | session:NAME")
            .Select(text => ParseNeed(text)!));

    private static Parsed<EnvEntry> ReadVariable(TomlValue value, Reading reading)
    {
        if (value is not TomlString) return reading.FailType(value, "a string (numbers too are written in quotes)");
        return NameTypes.Expandable.Read(value, reading).Then<EnvEntry>(text => new EnvEntry { Name = "", Value = text });
    }

    private static string? ProblemOfChange(EnvEntry entry)
    {
        bool changes = entry.Prepend.Count + entry.Append.Count > 0;
        if (changes == entry.Unset) return "needs \"prepend\" or \"append\", or else \"unset = true\"";
        return null;
    }

    private static string? ProblemOfCommandName(string name) =>
        SpecName.IsValid(name) ? null : $"\"{SpecText.Printable(name)}\" is not a name: {SpecName.Rule}";

    private static Need? ParseNeed(string text) => text.Split(':', 2) switch
    {
        ["hook", var name] when SpecName.IsValid(name) => new Need(NeedKind.Hook, name),
        ["session", var name] when SpecName.IsValid(name) => new Need(NeedKind.Session, name),
        _ => null,
    };
}
