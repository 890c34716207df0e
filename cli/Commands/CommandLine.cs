using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Sessiond.Cli.Client;
using Sessiond.Pty;

namespace Sessiond.Cli.Commands;

/// <summary>All verbs, and what happens around each: parsing, messages, exit codes.</summary>
internal sealed class CommandLine
{
    private const int WidestHelp = 120;

    private readonly CliContext _context;
    private readonly RootCommand _root = new("Terminals that stay: named sessions that outlive the connection and come back exactly as they were left.");
    private readonly NewCommand _new;

    public CommandLine(CliContext context)
    {
        _context = context;
        _new = new NewCommand(context);
        var session = new Command("session", "The same verbs, as `sessiond session VERB`");
        foreach (Command verb in SessionVerbs())
        {
            _root.Subcommands.Add(verb);
            session.Subcommands.Add(verb);
        }

        foreach (Command verb in OtherVerbs()) _root.Subcommands.Add(verb);
        _root.Subcommands.Add(session);
        _root.Options.Add(context.Socket);
        _root.Options.Add(context.Url);
        _root.Options.Add(context.TokenFile);
        ArrangeHelp();
    }

    /// <summary>Parses and runs; returns the exit code.</summary>
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            ParseResult parsed = Parse(args);
            var configuration = new InvocationConfiguration
            {
                Output = _context.Output.Out,
                Error = _context.Output.Error,
                EnableDefaultExceptionHandler = false,

                // Signals are the commands' own: attach has a terminal to give back, the others just end.
                ProcessTerminationTimeout = null,
            };
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction) return Refuse(parsed);
            int code = await parsed.InvokeAsync(configuration);
            await _context.Output.Out.FlushAsync();
            return code;
        }
        catch (CliException e)
        {
            await _context.Output.Out.FlushAsync();
            _context.Output.Complain(e.Message);
            return e.ExitCode;
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            // `sessiond logs x | head`: the reader has what it wanted.
            return ExitCode.SignalOffset + SigPipe;
        }
    }

    // errno EPIPE, and the signal whose exit code a program gets that does not mind it.
    private const int BrokenPipe = 32;
    private const int SigPipe = 13;

    private IEnumerable<Command> SessionVerbs()
    {
        yield return AttachCommand.Create(_context);
        yield return _new.Create();
        yield return ListCommand.Create(_context);
        foreach (Command verb in LifecycleCommands.Create(_context)) yield return verb;
        yield return TerminateCommand.Create(_context);
        yield return RenameCommand.Create(_context);
        yield return LogsCommand.Create(_context);
        yield return ScreenCommand.Create(_context);
        yield return SendCommand.Create(_context);
        yield return WaitCommand.Create(_context);
    }

    private IEnumerable<Command> OtherVerbs()
    {
        yield return ServeCommand.Create(_context);
        yield return ServeCommand.CreateDaemon(_context);
        yield return ConnectCommand.Create(_context);
        yield return StatusCommand.Create(_context);
        yield return EventsCommand.Create(_context);
        yield return HooksCommand.Create(_context);
        yield return CommitCommand.Create(_context);
        yield return EnvCommand.Create(_context);
        yield return CheckCommand.Create(_context);
        yield return TokenCommand.Create(_context);
        yield return UpgradeCommand.Create(_context);
        yield return CompletionCommand.Create(_context);
    }

    /// <summary>What follows `--` of `new` is the command, even where a name is missing before it.</summary>
    private ParseResult Parse(string[] args)
    {
        int separator = Array.IndexOf(args, "--");
        if (separator >= 0)
        {
            ParseResult head = _root.Parse(args[..separator]);
            if (head.CommandResult.Command == _new.Command)
            {
                _new.Argv = args[(separator + 1)..];
                return head;
            }
        }

        return _root.Parse(args);
    }

    private int Refuse(ParseResult parsed)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) _context.Output.Complain(error.Message);
        Command command = parsed.CommandResult.Command;
        _context.Output.Error.WriteLine($"Try: sessiond {(command == _root ? "" : command.Name == ServeCommand.DaemonVerb ? "serve " : command.Name + " ")}--help");
        return ExitCode.Usage;
    }

    /// <summary>Help in the terminal's width (asked of the terminal by ourselves), and a version of one line.</summary>
    private void ArrangeHelp()
    {
        int width = Math.Min(StandardIo.ReadSize(StandardFd.Output)?.Cols ?? WidestHelp, WidestHelp);
        foreach (Option option in _root.Options)
        {
            switch (option)
            {
                case HelpOption { Action: HelpAction help }:
                    help.MaxWidth = width;
                    break;
                case VersionOption:
                    option.Action = new VersionAction(_context.Output.Out);
                    break;
            }
        }
    }
}
