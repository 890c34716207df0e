using Sessiond.Daemon.Access;
using Sessiond.Daemon.Endpoint;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Sessions;

/// <summary>Makes definitions out of the spec's and the API's words.</summary>
internal sealed class SessionDefinitions
{
    private readonly DevboxSpec _spec;
    private readonly SpecView _whole;
    private readonly SpecView _image;
    private readonly WorkspaceUsers _workspaceUsers;
    private readonly PortPicker _ports;
    private readonly ManagedFolders _folders;
    private readonly string _socketPath;

    /// <summary>Makes the maker.</summary>
    /// <param name="spec">The spec with its defaults.</param>
    /// <param name="inherited">The environment that sessions begin with: the daemon's, or what the default user's shell made of it.</param>
    /// <param name="own">The daemon's environment.</param>
    /// <param name="workingFolder">Workspace of a spec that names none.</param>
    /// <param name="ports">Picks ports.</param>
    /// <param name="folders">Folders of sessions' own.</param>
    /// <param name="socketPath">Path of the Unix socket, for SESSIOND_SOCKET of hooks.</param>
    internal SessionDefinitions(
        SpecResult spec,
        IReadOnlyDictionary<string, string> inherited,
        IReadOnlyDictionary<string, string> own,
        string workingFolder,
        PortPicker ports,
        ManagedFolders folders,
        string socketPath)
    {
        _spec = spec.Spec;
        _whole = SpecView.Of(spec.Spec, inherited, workingFolder);
        _image = SpecView.Of(spec.Image, own, workingFolder);
        _workspaceUsers = new WorkspaceUsers(spec.Image);
        _ports = ports;
        _folders = folders;
        _socketPath = socketPath;
    }

    /// <summary>Where commands run.</summary>
    internal string Workspace => _whole.Workspace;

    /// <summary>Where a hook runs: <c>app_dir</c>.</summary>
    internal string FolderOf(HookSpec hook)
    {
        string? problem = null;
        return ViewOf(FindUser(hook.User ?? _spec.Defaults.User, ref problem)).Folder(null);
    }

    /// <summary>How a hook is run.</summary>
    /// <exception cref="IOException">There is no such user.</exception>
    internal ProcessRequest OfHook(HookSpec hook, string key)
    {
        string? problem = null;
        UserIdentity user = FindUser(hook.User ?? _spec.Defaults.User, ref problem);
        if (problem is not null) throw new IOException(problem);
        SpecView view = ViewOf(user);
        return new ProcessRequest
        {
            Key = key,
            Hook = hook.Name,
            Argv = Expand(hook.Run, view.Expansion(null))!.ToArgv(),
            Environment = new Dictionary<string, string>(EnvironmentWithoutTerminal(user, view)) { ["SESSIOND_HOOK"] = hook.Name, ["SESSIOND_SOCKET"] = _socketPath },
            WorkingFolder = view.Folder(null),
            User = user,
        };
    }

    /// <summary>A session of the spec.</summary>
    /// <param name="session">The spec's words.</param>
    /// <param name="brokenReason">What is wrong with them; null: nothing.</param>
    /// <param name="folderName">Name of a folder of its own, if it gets one; null: the session's.</param>
    internal SessionDefinition FromSpec(SessionSpec session, string? brokenReason, string? folderName = null)
    {
        string? problem = brokenReason;
        UserIdentity user = FindUser(session.User ?? _spec.Defaults.User, ref problem);
        SpecView view = ViewOf(user);
        DefaultsSpec defaults = view.Spec.Defaults;
        string shell = session.Shell ?? defaults.Shell ?? user.Shell;
        TerminalSize size = session.Size ?? defaults.Size;
        SessionType? type = SessionType.Find(session.Type);
        int? port = session.Port ?? (type is null ? null : _ports.PortOf(session.Name));
        // A session with a folder of its own lives there.
        string? clone = session.Workspace is null ? null : _folders.PathOf(folderName ?? session.Name, session.Workspace);
        Expansion expansion = view.Expansion(port, clone);
        ReadyProbe? ready = Expand(session.Ready ?? type?.Ready, expansion);
        return new SessionDefinition
        {
            Name = session.Name,
            Type = session.Type,
            Command = Expand(session.Command ?? type?.Command, expansion),
            Cwd = clone is null
                ? view.Folder(session.Cwd is null ? null : expansion.Expand(session.Cwd))
                : Path.GetFullPath(Path.Combine(clone, expansion.Expand(session.Cwd ?? "."))),
            Environment = SessionEnvironment.Build(
                view.Inherited, user, shell, session.Term ?? defaults.Term, port, [.. view.Spec.Env, .. session.Env], clone ?? view.Workspace),
            NamedVariables = new HashSet<string>([.. view.Spec.Env.Select(entry => entry.Name), .. session.Env.Select(entry => entry.Name)]),
            Workspace = clone ?? view.Workspace,
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
            Port = port,
            Url = port is null ? null : UrlOf(ready, port.Value),
            Needs = session.Needs,
            WaitsForHooks = true,
            Before = session.Before,
            Init = session.Init,
            Ready = ready,
            Live = Expand(session.Live ?? type?.Live, expansion),
            KeepAlive = session.KeepAlive,
            AutoCommit = session.AutoCommit,
            Repository = Expand(session.Workspace, view.Expansion(port)),
            FolderName = clone is null ? null : folderName ?? session.Name,
            ClonePath = clone,
            ProbeUser = FindUser(_spec.Defaults.User, ref problem),
            Source = SessionDefinition.FromTheSpec,
            BrokenReason = problem,
        };
    }

    /// <summary>A session of the API.</summary>
    /// <exception cref="RequestException">The request asks for what there is not, or what is not allowed.</exception>
    internal SessionDefinition FromRequest(CreateSession request, string name, Identity identity, string? folderName)
    {
        CheckRequest(request, identity);
        return FromRequest(request, name, identity.User, folderName);
    }

    /// <summary>A session that another daemon ran: as the spec describes it now, else as it was made.</summary>
    internal SessionDefinition FromRecord(SessionRecord record, IReadOnlyDictionary<string, string> broken)
    {
        SessionSpec? spec = record.SpecName is null ? null : _spec.Sessions.FirstOrDefault(session => session.Name == record.SpecName);
        // Its server listens where it was told to: another port would be asked for its health in vain.
        if ((record.Port ?? record.Request.Port) is { } port) _ports.Keep(spec?.Name ?? record.Name, port);
        SessionDefinition definition = spec is null
            ? FromRequest(record.Request with { Body = record.Body is { } body ? System.Text.Encoding.UTF8.GetBytes(body) : null }, record.Name, record.Owner, record.FolderName)
            : FromSpec(spec, broken.GetValueOrDefault(spec.Name));
        return definition with { Name = record.Name, Labels = record.Labels, Owner = record.Owner };
    }

    /// <summary>A session that was made by such a request before.</summary>
    /// <exception cref="RequestException">It could not be made any more.</exception>
    internal SessionDefinition FromRequest(CreateSession request, string name, string? owner, string? folderName)
    {
        string? problem = null;
        UserIdentity user = FindUser(request.User ?? _spec.Defaults.User, ref problem);
        if (problem is not null) throw new RequestException(422, "no such user", problem);
        string? wrong = null;
        SessionSpec asInASpec = request.Body is { } body ? SessionRequest.Read(body, name, out wrong) : new SessionSpec { Name = name };
        if (wrong is not null) throw new RequestException(422, "bad session", wrong);
        SessionSpec session = asInASpec with
        {
            Command = request.Command,
            Cwd = request.Cwd,
            Env = [.. (request.Env ?? new Dictionary<string, string>()).Select(pair => new EnvEntry { Name = pair.Key, Value = pair.Value })],
            Size = request.Size is null ? null : new TerminalSize(Clamp(request.Size.Cols), Clamp(request.Size.Rows)),
            Labels = new ValueDictionary<string>(request.Labels ?? new Dictionary<string, string>()),
            User = request.User,
            Port = request.Port,
            Term = request.Term,
            Shell = request.Shell,
            Login = request.Login,
            Scrollback = request.Scrollback,
        };
        return FromSpec(session, null, folderName) with { Source = SessionDefinition.FromTheApi, Owner = owner, WaitsForHooks = false, Request = request };
    }

    private static int Clamp(int size) => Math.Clamp(size, 1, TerminalSize.Max);

    private static Command? Expand(Command? command, Expansion expansion) =>
        command?.Argv is { } argv ? Command.FromArgv([.. argv.Select(expansion.Expand)]) : command;

    private static SessionWorkspaceSpec? Expand(SessionWorkspaceSpec? workspace, Expansion expansion) =>
        workspace is null ? null : workspace with { Git = expansion.Expand(workspace.Git), Ref = workspace.Ref is null ? null : expansion.Expand(workspace.Ref) };

    private static ReadyProbe? Expand(ReadyProbe? ready, Expansion expansion) =>
        ready is null ? null : ready with { Probe = Expand(ready.Probe, expansion) };

    private static LiveProbe? Expand(LiveProbe? live, Expansion expansion) =>
        live is null ? null : live with { Probe = Expand(live.Probe, expansion) };

    private static Probe Expand(Probe probe, Expansion expansion) => probe with
    {
        Http = probe.Http is null ? null : expansion.Expand(probe.Http),
        Tcp = probe.Tcp is null ? null : expansion.Expand(probe.Tcp),
        Exec = Expand(probe.Exec, expansion),
    };

    /// <summary>The address that the readiness probe asks, without its path; else the port on the loopback address.</summary>
    private static string UrlOf(ReadyProbe? ready, int port) =>
        Uri.TryCreate(ready?.Probe.Http, UriKind.Absolute, out Uri? asked) && asked.Port == port
            ? asked.GetLeftPart(UriPartial.Authority) + "/"
            : $"http://127.0.0.1:{port}/";

    private SpecView ViewOf(UserIdentity user) => _workspaceUsers.Has(user) ? _whole : _image;

    private static Dictionary<string, string> EnvironmentWithoutTerminal(UserIdentity user, SpecView view)
    {
        Dictionary<string, string> environment = SessionEnvironment.Build(
            view.Inherited, user, view.Spec.Defaults.Shell ?? user.Shell, "dumb", null, view.Spec.Env, view.Workspace);
        environment["TERM"] = "dumb";
        environment.Remove("COLORTERM");
        return environment;
    }

    private void CheckRequest(CreateSession request, Identity identity)
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
        // The daemon's own user may be root: beside a default user only who has all rights anyway may name it.
        string own = UserDatabase.Current().Name;
        bool mayRunAs = request.User is null || request.User == (_spec.Defaults.User ?? own) || _spec.Daemon.RunAs.Contains(request.User)
            || (identity.IsAdmin && request.User == own);
        if (!mayRunAs)
        {
            throw new RequestException(403, "user not allowed", $"user {request.User} is neither defaults.user nor listed in [daemon].run_as");
        }
    }

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
