using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Access;
using Sessiond.Hooks;

namespace Sessiond.Daemon.Endpoint;

/// <summary>
/// The way of every request: origin, then who asks, then the route and its scope. A request of an unknown path is no exception, so nothing can be mapped that
/// forgets one of them.
/// </summary>
internal sealed class Router : IHttpApplication<HttpContext>
{
    private readonly IReadOnlyList<Route> _routes;
    private readonly OriginPolicy _origins;
    private readonly Gate _gate;
    private readonly PublicRoutes _public;
    private readonly ILogger _logger;

    internal Router(
        IReadOnlyList<Route> routes, PublicRoutes publicRoutes, OriginPolicy origins, Gate gate, ILogger logger)
    {
        _routes = routes;
        _public = publicRoutes;
        _origins = origins;
        _gate = gate;
        _logger = logger;
    }

    /// <summary>The route table.</summary>
    internal IReadOnlyList<Route> Routes => _routes;

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context);
        }
        catch (RequestException problem)
        {
            if (!context.Response.HasStarted) await Exchange.WriteProblemAsync(context, problem.Status, problem.Title, problem.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: there is nobody to answer.
        }
        catch (IOException exception) when (WholeFile.IsNoRoom(exception) && !context.Response.HasStarted)
        {
            await Exchange.WriteProblemAsync(context, 507, "no room", exception.Message);
        }
        catch (Exception exception)
        {
            _logger.RequestFailed(context.Request.Method, context.Request.Path, exception);
            if (!context.Response.HasStarted) await Exchange.WriteProblemAsync(context, 500, "internal error", "see the daemon's log");
        }
    }

    private async Task DispatchAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!_origins.Allows(request.Headers.Origin))
        {
            await Exchange.WriteProblemAsync(context, 403, "origin refused", "this Origin is not listed in [daemon].allowed_origins");
            return;
        }

        if (await _public.TryHandleAsync(context)) return;
        if (await _gate.IdentityOfAsync(context) is not { } identity)
        {
            if (await TellStrangerAsync(context)) return;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Exchange.WriteProblemAsync(context, 401, "not authenticated", "send Authorization: Bearer TOKEN, or sign in at /");
            return;
        }

        (Route route, string name) = Find(request, context);
        if (identity.Scope < route.Scope)
        {
            throw new RequestException(403, "not permitted", $"this needs the scope {Word(route.Scope)}; {identity.User} has {Word(identity.Scope)}");
        }

        _gate.Enter(context, identity);
        try
        {
            await route.Handle(new Exchange(context, identity, name));
        }
        finally
        {
            _gate.Leave(context);
        }
    }

    private async Task<bool> TellStrangerAsync(HttpContext context)
    {
        string[] segments = (context.Request.Path.Value ?? "").Split('/');
        Route? route = _routes.FirstOrDefault(route => route.TellStranger is not null && route.Method == context.Request.Method && route.Matches(segments, out _));
        return route is not null && await route.TellStranger!(context);
    }

    private static string Word(Scope scope) => scope.ToString().ToLowerInvariant();

    private (Route Route, string Name) Find(HttpRequest request, HttpContext context)
    {
        string[] segments = (request.Path.Value ?? "").Split('/');
        List<string>? otherMethods = null;
        foreach (Route route in _routes)
        {
            if (!route.Matches(segments, out string name)) continue;
            if (route.Method == request.Method) return (route, name);
            (otherMethods ??= []).Add(route.Method);
        }

        if (otherMethods is null) throw new RequestException(404, "no such route", $"there is no {request.Path}; `sessiond --help` and README.md say what there is");
        context.Response.Headers.Allow = string.Join(", ", otherMethods);
        throw new RequestException(405, "method not allowed", $"{request.Path} takes {string.Join(", ", otherMethods)}");
    }
}
