using Sessiond.Daemon.Access;
using Sessiond.Daemon.Endpoint;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Makes definitions out of the spec's and the API's words.</summary>
internal sealed class SessionDefinitions
{
    private readonly DevboxSpec _spec;
    private readonly IReadOnlyDictionary<string, string> _inherited;

    /// <summary>Makes the maker.</summary>
    /// <param name="spec">The spec with its defaults.</param>
    /// <param name="inherited">The daemon's environment.</param>
    /// <param name="workingFolder">Workspace of a spec that names none.</param>
    internal SessionDefinitions(DevboxSpec spec, IReadOnlyDictionary<string, string> inherited, string workingFolder)
    {
        _spec = spec;
        _inherited = inherited;
        var expansion = new Expansion(workingFolder, null, name => inherited.GetValueOrDefault(name));
        Workspace = spec.Workspace is null ? workingFolder : expansion.Expand(spec.Workspace);
    }

    /// <summary>Where commands run.</summary>
    internal string Workspace { get; }

    /// <summary>A session of the spec.</summary>
    /// <param name="session">The spec's words.</param>
    /// <param name="brokenReason">What is wrong with them; null: nothing.</param>
    internal SessionDefinition FromSpec(SessionSpec session, string? brokenReason)
    {
        DefaultsSpec defaults = _spec.Defaults;
        string? problem = brokenReason;
        UserIdentity user = FindUser(session.User ?? defaults.User, ref problem);
        string shell = session.Shell ?? defaults.Shell ?? user.Shell;
        TerminalSize size = session.Size ?? defaults.Size;
        var expansion = new Expansion(Workspace, session.Port, name => _inherited.GetValueOrDefault(name));
        return new SessionDefinition
        {
            Name = session.Name,
            Type = session.Type,
            Command = Expand(session.Command, expansion),
            Cwd = Folder(session.Cwd is null ? null : expansion.Expand(session.Cwd)),
            Environment = SessionEnvironment.Build(
                _inherited, user, shell, session.Term ?? defaults.Term, session.Port, [.. _spec.Env, .. session.Env], Workspace),
            Columns = size.Columns,
            Rows = size.Rows,
            Labels = session.Labels,
            Owner = session.Owner,
            User = user,
            Shell = shell,
            Login = session.Login ?? defaults.Login,
            ScrollbackLines = session.Scrollback ?? defaults.Scrollback,
            ScrollbackBytes = session.ScrollbackBytes ?? defaults.ScrollbackBytes,
            OnExit = session.OnExit ?? defaults.OnExit,
            StopSignal = SignalNames.NumberOf(session.StopSignal ?? defaults.StopSignal),
            StopTimeout = session.StopTimeout ?? defaults.StopTimeout,
            Restart = session.Restart,
            Start = session.Start,
            Primary = session.Primary,
            Port = session.Port,
            Source = "spec",
            BrokenReason = problem,
        };
    }

    /// <summary>A session of the API.</summary>
    /// <exception cref="RequestException">The request asks for what there is not, or what is not allowed.</exception>
    internal SessionDefinition FromRequest(CreateSession request, string name, Identity identity)
    {
        CheckRequest(request);
        return FromRequest(request, name, identity.User);
    }

    /// <summary>A session that another daemon ran: as the spec describes it now, else as it was made.</summary>
    internal SessionDefinition FromRecord(SessionRecord record, IReadOnlyDictionary<string, string> broken)
    {
        SessionSpec? spec = record.SpecName is null ? null : _spec.Sessions.FirstOrDefault(session => session.Name == record.SpecName);
        SessionDefinition definition = spec is null
            ? FromRequest(record.Request, record.Name, record.Owner)
            : FromSpec(spec, broken.GetValueOrDefault(spec.Name));
        return definition with { Name = record.Name, Labels = record.Labels, Owner = record.Owner };
    }

    private SessionDefinition FromRequest(CreateSession request, string name, string? owner)
    {
        string? problem = null;
        UserIdentity user = FindUser(request.User ?? _spec.Defaults.User, ref problem);
        if (problem is not null) throw new RequestException(422, "no such user", problem);
        var session = new SessionSpec
        {
            Name = name,
            Command = request.Command,
            Cwd = request.Cwd,
            Env = [.. (request.Env ?? new Dictionary<string, string>()).Select(pair => new EnvEntry { Name = pair.Key, Value = pair.Value })],
            Size = request.Size is null ? null : new TerminalSize(Clamp(request.Size.Cols), Clamp(request.Size.Rows)),
            Labels = new ValueDictionary<string>(request.Labels ?? new Dictionary<string, string>()),
            Type = request.Type ?? "terminal",
            User = request.User,
            Port = request.Port,
            Term = request.Term,
            Shell = request.Shell,
            Login = request.Login,
            Scrollback = request.Scrollback,
        };
        return FromSpec(session, null) with { Source = "api", Owner = owner, Request = request };
    }

    private static int Clamp(int size) => Math.Clamp(size, 1, TerminalSize.Max);

    private static Command? Expand(Command? command, Expansion expansion) =>
        command?.Argv is { } argv ? Command.FromArgv([.. argv.Select(expansion.Expand)]) : command;

    private void CheckRequest(CreateSession request)
    {
        if (request.Env is { } env && env.Keys.Any(key => key.Length == 0 || key.Contains('=') || key.Contains('\0')))
        {
            throw new RequestException(422, "bad variable", "a variable's name has at least one character and no \"=\"");
        }

        IEnumerable<string?> texts = [request.Cwd, request.Shell, .. request.Env?.Values ?? [], .. request.Command?.ToArgv() ?? []];
        if (texts.Any(text => text?.Contains('\0') == true))
        {
            throw new RequestException(422, "bad text", "a command, folder or value cannot hold a NUL character");
        }

        if (request.Scrollback is < 0) throw new RequestException(422, "bad scrollback", "scrollback is a number of lines, 0 or more");
        if (request.Port is < 1 or > 65535) throw new RequestException(422, "bad port", "a port is 1 to 65535");
        bool mayRunAs = request.User is null || request.User == _spec.Defaults.User || request.User == UserDatabase.Current().Name
            || _spec.Daemon.RunAs.Contains(request.User);
        if (!mayRunAs)
        {
            throw new RequestException(403, "user not allowed", $"user {request.User} is neither defaults.user nor listed in [daemon].run_as");
        }
    }

    private string Folder(string? cwd) =>
        Path.GetFullPath(Path.Combine(Workspace, cwd ?? _spec.AppDir));

    private static UserIdentity FindUser(string? name, ref string? problem)
    {
        UserIdentity current = UserDatabase.Current();
        if (name is null || name == current.Name) return current;
        if (UserDatabase.Find(name) is not { } user)
        {
            problem ??= $"user {name}: no such user";
            return current;
        }

        if (!user.IsCurrent && !UserDatabase.IsRoot) problem ??= $"user {name}: only root can run sessions as another user";
        return user;
    }
}
