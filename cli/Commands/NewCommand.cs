using System.CommandLine;
using System.Globalization;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>new [NAME] [-d] … [-- ARGV…]</c>.</summary>
internal sealed class NewCommand(CliContext context)
{
    private readonly Argument<string?> _name = new("NAME") { Description = "Its name; a readable random one if absent", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _detached = new("--detached", "-d") { Description = "Do not attach; print the name" };
    private readonly Option<string?> _cwd = new("--cwd") { Description = "Working folder", HelpName = "FOLDER" };
    private readonly Option<string?> _size = new("--size") { Description = "Columns and rows, such as 80x24", HelpName = "COLSxROWS" };
    private readonly Option<string[]> _env = new("--env") { Description = "A variable of its environment", HelpName = "KEY=VALUE" };
    private readonly Option<string[]> _labels = new("--label") { Description = "A label", HelpName = "KEY=VALUE" };
    private readonly AttachArguments _attach = new();

    /// <summary>The command, once <see cref="Create"/> has made it.</summary>
    public Command? Command { get; private set; }

    /// <summary>What stood behind <c>--</c>: the session's command.</summary>
    public string[] Argv { get; set; } = [];

    public Command Create()
    {
        Command = new Command("new", "Make a session and attach to it; its command goes behind --") { _name, _detached, _cwd, _size, _env, _labels };
        _attach.AddTo(Command);
        Command.SetAction(RunAsync);
        return Command;
    }

    /// <summary>Reads <c>COLSxROWS</c>.</summary>
    /// <exception cref="CliException">It is none.</exception>
    internal static SizeObject ParseSize(string text)
    {
        string[] parts = text.Split('x');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int cols)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rows))
        {
            return new SizeObject(cols, rows);
        }

        throw new CliException(ExitCode.Usage, $"--size takes COLSxROWS, such as 80x24; not {text}");
    }

    /// <summary>Reads <c>KEY=VALUE</c> pairs; null for none.</summary>
    /// <exception cref="CliException">One has no key.</exception>
    internal static Dictionary<string, string>? ParsePairs(string option, string[]? pairs)
    {
        if (pairs is not { Length: > 0 }) return null;
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new CliException(ExitCode.Usage, $"{option} takes KEY=VALUE; not {pair}");
            parsed[pair[..equals]] = pair[(equals + 1)..];
        }

        return parsed;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        bool detached = parsed.GetValue(_detached);
        CreateSession body = BodyOf(parsed);
        AttachOptions options = _attach.Read(parsed, "");
        using ApiClient api = context.Open(parsed);
        byte[] answer = await api.SendJsonAsync(HttpMethod.Post, SessionPath.All, body, ApiJsonContext.Default.CreateSession, cancellation);
        string name = ApiClient.Parse(answer, ApiJsonContext.Default.SessionObject).Name;
        if (!detached) return await AttachCommand.RunAsync(context, api, options with { Name = name }, create: false, cancellation);
        await context.Output.Out.WriteLineAsync(Output.SafeText.Of(name));
        return ExitCode.Done;
    }

    private CreateSession BodyOf(ParseResult parsed) => new()
    {
        Name = parsed.GetValue(_name),
        Command = Argv.Length > 0 ? Spec.Api.Command.FromArgv(Argv) : null,
        Cwd = parsed.GetValue(_cwd),
        Size = SizeOf(parsed),
        Env = ParsePairs("--env", parsed.GetValue(_env)),
        Labels = ParsePairs("--label", parsed.GetValue(_labels)),
    };

    private SizeObject? SizeOf(ParseResult parsed)
    {
        if (parsed.GetValue(_size) is { } given) return ParseSize(given);
        if (parsed.GetValue(_detached)) return null;

        // Born in the size in which it will be shown, the program need not paint twice.
        return StandardIo.ReadSize(StandardFd.Output) is { } size ? new SizeObject(size.Cols, size.Rows) : null;
    }
}
