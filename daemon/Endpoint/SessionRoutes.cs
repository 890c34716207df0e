using System.Buffers;
using System.Text.Json;
using Sessiond.Daemon.Access;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Sessions;
using Sessiond.Holder;
using Sessiond.Hooks.AutoCommit;
using Sessiond.Pty;
using Sessiond.Spec;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Endpoint;

/// <summary>/v1/sessions and what is below it, but for attach and logs.</summary>
internal sealed class SessionRoutes
{
    /// <summary>Bytes of one POST …/input; larger pastes go over a WebSocket or in pieces.</summary>
    private const int MaxInput = 16 << 20;

    /// <summary>Characters of variables that one PATCH brings.</summary>
    private const int MaxPatchedEnvironment = 8 << 10;

    private readonly SessionRegistry _sessions;
    private readonly SessionServices _services;
    private readonly Func<CancellationToken, Task<SessionDefinitions>> _definitions;

    internal SessionRoutes(SessionRegistry sessions, SessionServices services, Func<CancellationToken, Task<SessionDefinitions>> definitions)
    {
        _sessions = sessions;
        _services = services;
        _definitions = definitions;
    }

    internal IEnumerable<Route> Routes() =>
    [
        new("GET", "/v1/sessions", Scope.Observe, ListAsync),
        new("POST", "/v1/sessions", Scope.Manage, CreateAsync),
        new("GET", "/v1/sessions/{name}", Scope.Observe, GetAsync),
        new("PATCH", "/v1/sessions/{name}", Scope.Manage, PatchAsync),
        new("DELETE", "/v1/sessions/{name}", Scope.Manage, TerminateAsync),
        new("POST", "/v1/sessions/{name}/start", Scope.Manage, StartAsync),
        new("POST", "/v1/sessions/{name}/stop", Scope.Manage, StopAsync),
        new("POST", "/v1/sessions/{name}/restart", Scope.Manage, RestartAsync),
        new("POST", "/v1/sessions/{name}/pause", Scope.Manage, PauseAsync),
        new("POST", "/v1/sessions/{name}/resume", Scope.Manage, UnpauseAsync),
        new("GET", "/v1/sessions/{name}/screen", Scope.Observe, ScreenAsync),
        new("POST", "/v1/sessions/{name}/input", Scope.Control, InputAsync),
        new("POST", "/v1/sessions/{name}/resize", Scope.Control, ResizeAsync),
    ];

    /// <summary>The session that an exchange names.</summary>
    /// <exception cref="RequestException">404: there is none, or it is another user's.</exception>
    internal static Session Find(SessionRegistry sessions, Exchange exchange) =>
        sessions.Find(exchange.Name) is { } session && exchange.Identity.MaySee(session.Owner)
            ? session
            : throw new RequestException(404, "no such session", $"there is no session {exchange.Name}");

    private Task ListAsync(Exchange exchange)
    {
        IEnumerable<SessionObject> sessions = _sessions.All()
            .Where(session => exchange.Identity.MaySee(session.Owner))
            .Select(session => session.Describe());
        foreach (string? filter in exchange.Http.Request.Query["label"])
        {
            string[] pair = (filter ?? "").Split('=', 2);
            string wanted = pair.Length == 2 ? pair[1] : "";
            sessions = sessions.Where(session => session.Labels.TryGetValue(pair[0], out string? value) && (pair.Length == 1 || value == wanted));
        }

        if (exchange.Query("type") is { } type) sessions = sessions.Where(session => session.Type == type);
        if (exchange.Query("state") is { } state) sessions = sessions.Where(session => session.State == state);
        if (exchange.Query("owner") is { } owner) sessions = sessions.Where(session => session.Owner == owner);
        return exchange.WriteJsonAsync(sessions.ToArray(), ApiJsonContext.Default.IReadOnlyListSessionObject);
    }

    private async Task CreateAsync(Exchange exchange)
    {
        byte[] body = await exchange.ReadBodyAsync(Exchange.MaxJson);
        CreateSession request = Exchange.ParseJson(body, ApiJsonContext.Default.CreateSession) with { Body = body };
        SessionDefinitions definitions = await _definitions(exchange.Aborted);
        string name = request.Name ?? _sessions.NewName();
        CheckName(name);
        SessionDefinition definition = definitions.FromRequest(request, name, exchange.Identity, FreeFolder(name));
        Session session;
        try
        {
            session = _sessions.TryAdd(definition, _services)
                ?? throw new RequestException(409, "session exists", $"there is a session {name} already");
        }
        catch (SessionLimitException limit)
        {
            throw new RequestException(429, "too many sessions", limit.Message);
        }

        // Until somebody attaches, its programs have the agent of whoever made it.
        session.Follow(session, ClientSaid.Of(exchange.Http, session));
        session.Start();
        exchange.Http.Response.Headers.Location = $"/v1/sessions/{name}";
        await WriteSessionAsync(exchange, session, 201);
    }

    /// <summary>A name for a session's own folder: one that was called so before may live in that of its name.</summary>
    private string FreeFolder(string name)
    {
        HashSet<string> taken = [.. _sessions.All().Select(session => session.Definition.FolderName).OfType<string>()];
        string free = name;
        for (int number = 2; taken.Contains(free); number++) free = $"{name}-{number}";
        return free;
    }

    private Task GetAsync(Exchange exchange) => WriteSessionAsync(exchange, Find(_sessions, exchange));

    private async Task PatchAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        PatchSession patch = await exchange.ReadJsonAsync(ApiJsonContext.Default.PatchSession);
        if (patch.Name is { } name) CheckName(name);
        CheckEnvironment(patch, exchange.Identity);
        if (!_sessions.TryPatch(session, patch, _services))
        {
            throw new RequestException(409, "session exists", $"there is a session {patch.Name} already");
        }

        await WriteSessionAsync(exchange, session);
    }

    private async Task TerminateAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        bool isForced = exchange.Query("force") is "1" or "true";
        IReadOnlyList<string> unsaved = isForced ? [] : await UnsavedAsync(session.Definition, exchange.Aborted);
        if (unsaved.Count > 0)
        {
            await Exchange.WriteProblemAsync(
                exchange.Http, 409, "unsaved work", $"the folder of {session.Name} would be removed with work that is nowhere else; commit and push it, or force", unsaved);
            return;
        }

        await _services.Support.AutoCommits.EndSessionAsync(session.Name);
        TerminationReport report = await _sessions.TerminateAsync(session, _services, null, CancellationToken.None);
        ManagedFolders.Remove(session.Definition);
        var result = new TerminateResult([.. report.Killed.Select(Describe)], [.. report.Left.Select(Describe)]);
        await exchange.WriteJsonAsync(result, ApiJsonContext.Default.TerminateResult);
    }

    /// <summary>What a terminate would throw away with the folder that was cloned for a session.</summary>
    private async Task<IReadOnlyList<string>> UnsavedAsync(SessionDefinition definition, CancellationToken cancellation) => definition.ClonePath is { } folder
        ? await UnsavedWork.ListAsync(_services.Support.AutoCommits.RunnerFor(definition), folder, cancellation)
        : [];

    private Task StartAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        if (session.Definition.BrokenReason is { } reason) throw new RequestException(409, "broken session", reason);
        session.Start();
        return WriteSessionAsync(exchange, session);
    }

    private async Task PauseAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        if (!await session.PauseAsync()) throw new RequestException(409, "not running", $"session {session.Name} is {session.State}; only a running one can be paused");
        await WriteSessionAsync(exchange, session);
    }

    private async Task UnpauseAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        await session.UnpauseAsync();
        await WriteSessionAsync(exchange, session);
    }

    private async Task StopAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        await session.StopAsync(null, CancellationToken.None);
        await WriteSessionAsync(exchange, session);
    }

    private async Task RestartAsync(Exchange exchange)
    {
        await Find(_sessions, exchange).StopAsync(null, CancellationToken.None);
        await StartAsync(exchange);
    }

    private async Task ScreenAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        var body = new ArrayBufferWriter<byte>(4096);
        string format = exchange.Query("format") ?? "text";
        (Action<Terminal> render, string contentType) = format switch
        {
            "text" => ((Action<Terminal>)(terminal => ScreenRenderer.WriteText(terminal, body)), "text/plain; charset=utf-8"),
            "ansi" => (terminal => ScreenRenderer.WriteAnsi(terminal, body), "text/plain; charset=utf-8"),
            "html" => (terminal => ScreenRenderer.WriteHtml(terminal, body), "text/html; charset=utf-8"),
            "json" => (terminal => RenderJson(terminal, body), "application/json"),
            _ => throw new RequestException(422, "bad format", $"{format} is none of text, ansi, json, html"),
        };
        session.Render(render);
        exchange.Http.Response.Headers.XContentTypeOptions = "nosniff";
        exchange.Http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";
        await exchange.WriteAsync(body.WrittenMemory, contentType);
    }

    private async Task InputAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        byte[] bytes = await exchange.ReadBodyAsync(MaxInput);
        if (!session.HasProgram && (session.Ended is not null || session.State == SessionStates.Failed))
        {
            throw new RequestException(409, "session ended", $"session {session.Name} has no program to type to; start it first");
        }

        bool enter = exchange.Query("enter") is "1" or "true";
        InputResult result = await session.TypeAsync(bytes, enter, exchange.Aborted);
        await exchange.WriteJsonAsync(result, ApiJsonContext.Default.InputResult);
    }

    private async Task ResizeAsync(Exchange exchange)
    {
        Session session = Find(_sessions, exchange);
        SizeObject size = await exchange.ReadJsonAsync(ApiJsonContext.Default.SizeObject);
        session.Resize(Math.Clamp(size.Cols, 1, TerminalSize.Max), Math.Clamp(size.Rows, 1, TerminalSize.Max), 0, 0, null);
        await WriteSessionAsync(exchange, session);
    }

    private static void RenderJson(Terminal terminal, IBufferWriter<byte> body)
    {
        using var writer = new Utf8JsonWriter(body);
        ScreenRenderer.WriteJson(terminal, writer);
    }

    private static void CheckName(string name)
    {
        if (!SpecName.IsValid(name)) throw new RequestException(422, "bad name", $"a session's name is {SpecName.Rule}");
    }

    private void CheckEnvironment(PatchSession patch, Identity identity)
    {
        if (SessionPatch.Problem(patch) is { } problem) throw new RequestException(422, "bad environment", problem);
        // What the record at the holder has room for, beside the definition.
        long size = (patch.Env ?? new Dictionary<string, string?>()).Sum(pair => (long)pair.Key.Length + (pair.Value?.Length ?? 0));
        if (size > MaxPatchedEnvironment) throw new RequestException(413, "too large", $"the variables have more than {MaxPatchedEnvironment >> 10} KiB");
        string? stranger = identity.IsAdmin ? null : (patch.Secrets?.Values ?? []).OfType<string>().FirstOrDefault(secret => !_services.Support.Secrets.IsForSessions(secret));
        if (stranger is not null) throw new RequestException(403, "not permitted", $"secret {stranger} is none that [secrets] gives to sessions; that needs the scope admin");
    }

    private static KilledProcess Describe(EndedProcess process) => new(process.Pid, process.Command, SignalNames.NameOf(process.Signal));

    private static Task WriteSessionAsync(Exchange exchange, Session session, int status = 200) =>
        exchange.WriteJsonAsync(session.Describe(), ApiJsonContext.Default.SessionObject, status);
}
