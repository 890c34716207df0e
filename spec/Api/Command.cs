using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>A command as people write it: a string that a shell runs, or an argv.</summary>
/// <remarks>In JSON and TOML a string or an array of strings. Exactly one of the two is set.</remarks>
[JsonConverter(typeof(CommandJsonConverter))]
public sealed record Command
{
    private Command(string? shell, IReadOnlyList<string>? argv)
    {
        Shell = shell;
        Argv = argv;
    }

    /// <summary>Text for <c>sh -c</c>; null for an argv.</summary>
    public string? Shell { get; }

    /// <summary>Program and arguments, at least one; null for a shell text.</summary>
    public IReadOnlyList<string>? Argv { get; }

    /// <summary>A command that <c>/bin/sh -c</c> runs.</summary>
    public static Command FromShell(string text) => new(text, null);

    /// <summary>A command that is executed as it is.</summary>
    /// <exception cref="ArgumentException"><paramref name="argv"/> is empty.</exception>
    public static Command FromArgv(IReadOnlyList<string> argv)
    {
        if (argv.Count == 0) throw new ArgumentException("a command needs a program", nameof(argv));
        return new Command(null, argv);
    }

    /// <summary>The argv to execute.</summary>
    public IReadOnlyList<string> ToArgv() => Argv ?? ["/bin/sh", "-c", Shell!];

    /// <summary>The command on one line, for a person.</summary>
    public override string ToString() => Shell ?? string.Join(' ', Argv!);

    /// <summary>Commands are equal when they run the same.</summary>
    public bool Equals(Command? other) =>
        other is not null && Shell == other.Shell
        && (Argv is null ? other.Argv is null : other.Argv is not null && Argv.SequenceEqual(other.Argv));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shell, Argv?.Count, Argv?[0]);
}
