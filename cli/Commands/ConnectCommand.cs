using System.CommandLine;
using Sessiond.Cli.Attach;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Pty;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>connect [DEVBOX] [--session NAME]</c>: where nothing is named, the user picks.</summary>
internal sealed class ConnectCommand(CliContext context)
{
    // The first answer of a devbox that sleeps is that of a proxy, or none at all.
    private static readonly TimeSpan ReachPatience = TimeSpan.FromSeconds(10);

    private readonly Argument<string?> _devbox = new("DEVBOX")
    {
        Description = "A name in ~/.config/sessiond/devboxes.toml; without it a picker, or the local daemon where none is configured",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _session = new("--session") { Description = "The session; without it a picker", HelpName = "NAME" };
    private readonly AttachArguments _attach = new();

    private bool CanPick => context.Output.IsTerminal && StandardIo.IsTerminal(StandardFd.Input);

    public static Command Create(CliContext context) => new ConnectCommand(context).Create();

    private Command Create()
    {
        var command = new Command("connect", "Pick a session, here or on another devbox, and attach to it") { _devbox, _session };
        _attach.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        AttachOptions options = _attach.Read(parsed, parsed.GetValue(_session) ?? "");
        Devbox? devbox = null;
        if (!NamesEndpoint(parsed))
        {
            IReadOnlyList<Devbox> configured = Devboxes.Read(Devboxes.FileOf(context.Environment));
            if (parsed.GetValue(_devbox) is { } name) devbox = Find(configured, name);
            else if (configured.Count > 0 && (devbox = PickDevbox(configured)) is null) return ExitCode.Done;
        }

        using ApiClient api = devbox is null ? context.Open(parsed) : new ApiClient(Endpoint.ForUrl(devbox.Url, devbox.TokenFile), StandardIo.EffectiveUser);
        if (devbox?.Resume is { } resume) await WakeAsync(api, resume, cancellation);
        if (options.Name.Length == 0)
        {
            if (await PickSessionAsync(api, cancellation) is not { } picked) return ExitCode.Done;
            options = options with { Name = picked };
        }

        return await AttachCommand.RunAsync(context, api, options, create: false, cancellation);
    }

    /// <summary>True when the options say where the daemon is.</summary>
    private bool NamesEndpoint(ParseResult parsed)
    {
        bool names = parsed.GetValue(context.Socket) is not null || parsed.GetValue(context.Url) is not null;
        if (!names || parsed.GetValue(_devbox) is null) return names;
        throw new CliException(ExitCode.Usage, "a DEVBOX and --socket or --url exclude each other");
    }

    private static Devbox Find(IReadOnlyList<Devbox> configured, string name) =>
        configured.FirstOrDefault(devbox => devbox.Name == name)
        ?? throw new CliException(ExitCode.Usage, $"no devbox {SafeText.Of(name)} in devboxes.toml{Names(configured.Select(devbox => devbox.Name))}");

    private Devbox? PickDevbox(IReadOnlyList<Devbox> configured)
    {
        if (configured.Count == 1) return configured[0];
        if (!CanPick) throw new CliException(ExitCode.Usage, $"no terminal to pick on; name a DEVBOX{Names(configured.Select(devbox => devbox.Name))}");
        string? picked = Picker.Pick(context.Output, "Connect to which devbox?", [.. configured.Select(devbox => (devbox.Name, $"{devbox.Name}  {devbox.Url}"))]);
        return picked is null ? null : Find(configured, picked);
    }

    /// <summary>Runs the devbox's resume command when it does not answer.</summary>
    private static async Task WakeAsync(ApiClient api, string resume, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ReachPatience);
        try
        {
            await api.ReadAsync("healthz", patience.Token);
            return;
        }
        catch (CliException e) when (!e.Transient && e.ExitCode != ExitCode.Failed)
        {
            return;
        }
        catch (Exception e) when (e is CliException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        ExitStatus status = ForegroundCommand.Run(resume);
        if (status.ShellCode != 0) throw new CliException(ExitCode.NotReachable, $"the devbox does not answer, and its resume command {status}");
    }

    /// <summary>Lets the user pick a session, or a new one; null when they leave.</summary>
    private async Task<string?> PickSessionAsync(ApiClient api, CancellationToken cancellation)
    {
        // No session can bear this name.
        const string New = "";
        IReadOnlyList<SessionObject> sessions = await api.GetAsync(SessionPath.All, ApiJsonContext.Default.IReadOnlyListSessionObject, cancellation);
        if (!CanPick) throw new CliException(ExitCode.Usage, $"no terminal to pick on; say --session NAME{Names(sessions.Select(session => session.Name))}");
        DateTimeOffset now = context.Time.GetUtcNow();
        IEnumerable<(string, string)> choices = sessions.Select(session => (session.Name, SessionText.Line(session, now)));
        string? picked = Picker.Pick(context.Output, "Attach to which session?", [.. choices, (New, "new session …")]);
        if (picked != New) return picked;
        var body = new CreateSession { Size = StandardIo.ReadSize(StandardFd.Output) is { } size ? new SizeObject(size.Cols, size.Rows) : null };
        byte[] made = await api.SendJsonAsync(HttpMethod.Post, SessionPath.All, body, ApiJsonContext.Default.CreateSession, cancellation);
        return ApiClient.Parse(made, ApiJsonContext.Default.SessionObject).Name;
    }

    private static string Names(IEnumerable<string> names)
    {
        string list = string.Join("\n  ", names.Select(SafeText.Of));
        return list.Length == 0 ? " (there are none)" : $":\n  {list}";
    }
}
