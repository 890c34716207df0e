using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Endpoint.OpenApi;

/// <summary>What the OpenAPI document says of each route. A test holds it against the route table.</summary>
internal static class Operations
{
    private const string Json = "application/json";

    internal static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/healthz", "Liveness.") { AnswerType = "text/plain", IsPublic = true },
        new("GET", "/readyz", "200 once the devbox is running, else 503 with its state.") { AnswerType = "text/plain", IsPublic = true },
        new("GET", "/metrics", "Figures in the Prometheus text format.") { AnswerType = "text/plain" },
        new("POST", "/v1/login", "Trades a token, {\"token\": \"…\"}, for a cookie.") { BodyType = Json, Status = 204, IsPublic = true },
        new("GET", "/v1/openapi.json", "This document.") { AnswerType = Json },
        new("GET", "/v1/status", "The devbox as a whole.") { Answer = ApiJsonContext.Default.StatusObject },
        new("GET", "/v1/sessions", "Lists sessions.",
            ("label", "k=v; may be given several times"), ("type", "terminal, vscode, marimo or jupyter"), ("state", "a session's state"), ("owner", "a user"))
        { Answer = ApiJsonContext.Default.IReadOnlyListSessionObject },
        new("POST", "/v1/sessions", "Makes and starts a session; 409 when the name is in use.")
        { Body = ApiJsonContext.Default.CreateSession, Answer = ApiJsonContext.Default.SessionObject, Status = 201 },
        new("GET", "/v1/sessions/{name}", "One session.") { Answer = ApiJsonContext.Default.SessionObject },
        new("PATCH", "/v1/sessions/{name}", "Renames, relabels, retitles; variables and secrets for the next start.") { Body = ApiJsonContext.Default.PatchSession, Answer = ApiJsonContext.Default.SessionObject },
        new("DELETE", "/v1/sessions/{name}", "Terminates: ends the processes and removes the session; 409 with `unsaved` when work would be lost.",
            ("force", "1: also when work would be lost"))
        { Answer = ApiJsonContext.Default.TerminateResult },
        Verb("start", "Starts the program again."),
        Verb("stop", "Ends the processes and keeps the session."),
        Verb("restart", "Stop, then start."),
        Verb("pause", "Freezes the session's processes."),
        Verb("resume", "Lets them go on."),
        new("GET", "/v1/sessions/{name}/attach", "WebSocket; docs/protocol.md has the dialects.",
            ("mode", "control or observe"), ("takeover", "0: refuse when somebody controls"), ("cols", "columns"), ("rows", "rows"), ("since", "EPOCH:OFFSET to go on from"),
            ("scrollback", "lines of history"), ("xpixel", "width of the window in pixels"), ("ypixel", "height of the window in pixels"), ("ping", "seconds between signs of life, 2 to 60"), ("resume", "the attachment that comes back"))
        { Status = 101 },
        new("GET", "/v1/sessions/{name}/screen", "What is on the screen now.", ("format", "text, ansi, json or html")) { AnswerType = "text/plain" },
        new("GET", "/v1/sessions/{name}/logs", "Everything that it printed, as far as it is kept.",
            ("format", "text, raw or cast"), ("follow", "1: goes on"), ("since", "offset in bytes"), ("run", "1 and more: of an earlier life of the devbox"))
        { AnswerType = "text/plain" },
        new("POST", "/v1/sessions/{name}/input", "Types the body.") { BodyType = "application/octet-stream", Answer = ApiJsonContext.Default.InputResult },
        new("POST", "/v1/sessions/{name}/resize", "Sets the size.") { Body = ApiJsonContext.Default.SizeObject, Answer = ApiJsonContext.Default.SessionObject },
        new("POST", "/v1/sessions/{name}/wait", "Waits for an exit, a pause in the output, a text or a prompt.")
        { Body = ApiJsonContext.Default.WaitRequest, Answer = ApiJsonContext.Default.WaitResult },
        new("GET", "/v1/events", "Server-sent events with ids; Last-Event-ID resumes.") { AnswerType = "text/event-stream" },
        new("GET", "/v1/hooks", "The hooks and how each ended.") { Answer = ApiJsonContext.Default.IReadOnlyListHookObject },
        new("GET", "/v1/hooks/{name}/log", "What a hook printed.", ("follow", "1: goes on")) { AnswerType = "text/plain" },
        new("POST", "/v1/hooks/{name}/rerun", "Runs a hook again.") { Answer = ApiJsonContext.Default.HookObject },
        new("GET", "/v1/auto-commit", "How the work is being saved.", ("session", "a session with a workspace of its own")) { Answer = ApiJsonContext.Default.AutoCommitObject },
        new("PATCH", "/v1/auto-commit", "Turns it on or off, sets the interval.", ("session", "a session with a workspace of its own"))
        { Body = ApiJsonContext.Default.PatchAutoCommit, Answer = ApiJsonContext.Default.AutoCommitObject },
        new("POST", "/v1/auto-commit/flush", "Saves and pushes now.", ("session", "a session with a workspace of its own"), ("force", "1: also when most files are gone"))
        { Answer = ApiJsonContext.Default.AutoCommitObject },
        new("GET", "/v1/logs.tar.gz", "Every log, for download.") { AnswerType = "application/gzip" },
        new("POST", "/v1/upgrade", "Goes on with the binary that is on disk now.") { AnswerType = Json },
        new("POST", "/v1/reload", "Reads the spec again; 422 with its errors when it is wrong.") { Answer = ApiJsonContext.Default.ReloadResult },
        new("GET", "/v1/tokens", "Tokens of the TCP endpoint, without their values.") { Answer = ApiJsonContext.Default.IReadOnlyListTokenObject },
        new("POST", "/v1/tokens", "Makes a token; its value is in this answer alone.") { Body = ApiJsonContext.Default.CreateToken, Answer = ApiJsonContext.Default.TokenObject, Status = 201 },
        new("DELETE", "/v1/tokens/{name}", "Revokes a token; live connections that it opened end within 30 seconds.") { Status = 204 },
    ];

    private static Operation Verb(string verb, string summary) => new("POST", $"/v1/sessions/{{name}}/{verb}", summary) { Answer = ApiJsonContext.Default.SessionObject };
}
