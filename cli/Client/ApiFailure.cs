using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Client;

/// <summary>Turns what went wrong with a request into a message and an exit code.</summary>
internal static class ApiFailure
{
    private const string ProblemType = "application/problem+json";

    /// <summary>The server's answer was not a success.</summary>
    /// <param name="response">Its answer; the body is read.</param>
    /// <param name="path">The path that was asked for.</param>
    /// <param name="conflict">Exit code for 409, which means another thing on each route.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<CliException> FromResponseAsync(HttpResponseMessage response, string path, int conflict, CancellationToken cancellation)
    {
        Problem? problem = await ReadProblemAsync(response, cancellation);
        int code = ExitCodeOf(response.StatusCode, problem?.Title, path, conflict);
        if (IsUnknownRoute(response.StatusCode, problem?.Title))
        {
            return new CliException(ExitCode.Failed, $"the running daemon cannot do this (it answers {(int)response.StatusCode} to {path.Split('?')[0]})");
        }

        string text = problem is null ? $"the daemon answers {(int)response.StatusCode} to {path}" : Describe(problem);
        return new CliException(code, text);
    }

    /// <summary>The request found no server, or lost it.</summary>
    public static CliException FromTransport(Exception failure, Endpoint endpoint)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is CliException known) return known;
        }

        // A peer that the daemon does not admit is closed before a byte of its request is read.
        bool closed = failure is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
            || failure.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown };
        if (closed && endpoint.Url is null)
        {
            return new CliException(ExitCode.NotPermitted, $"the daemon at {endpoint} closed the connection without an answer: you are not among the users that it admits, or it just ended", failure)
            {
                Transient = true,
            };
        }

        return new CliException(ExitCode.NotReachable, $"no answer from {endpoint}: {failure.GetBaseException().Message}", failure) { Transient = true };
    }

    /// <summary>The exit code for an HTTP status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="title">Title of the problem that came with it; null: none came.</param>
    /// <param name="path">The path that was asked for.</param>
    /// <param name="conflict">Exit code for 409.</param>
    public static int ExitCodeOf(HttpStatusCode status, string? title, string path, int conflict) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge => ExitCode.Usage,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotPermitted,
        HttpStatusCode.NotFound when !IsUnknownRoute(status, title) && path.StartsWith($"{SessionPath.All}/", StringComparison.Ordinal) => ExitCode.NoSuchSession,
        HttpStatusCode.Conflict => conflict,
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => ExitCode.TimedOut,
        _ => ExitCode.Failed,
    };

    // A server that knows the route says what is missing; the title of a missing route is the daemon's.
    private static bool IsUnknownRoute(HttpStatusCode status, string? title) =>
        status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
        || (status == HttpStatusCode.NotFound && title is null or "no such route");

    private static async Task<Problem?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != ProblemType) return null;
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            return await JsonSerializer.DeserializeAsync(body, WireJsonContext.Default.Problem, cancellation);
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            // The status alone still tells what happened.
            return null;
        }
    }

    private static string Describe(Problem problem)
    {
        string text = SafeText.Of(problem.Detail ?? problem.Title);
        if (problem.Unsaved is not { Count: > 0 } unsaved) return text;
        return $"{text}\n  {string.Join("\n  ", unsaved.Select(SafeText.Of))}";
    }
}
