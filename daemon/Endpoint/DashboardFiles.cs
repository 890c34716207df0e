using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Sessiond.Daemon.Endpoint;

/// <summary>The dashboard's built files, embedded into the binary as <c>dashboard/PATH</c>.</summary>
internal sealed class DashboardFiles
{
    private const string Prefix = "dashboard/";

    /// <summary>Our own scripts and connections only; xterm.js sets inline styles on its rows.</summary>
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private readonly Assembly _assembly;
    private readonly HashSet<string> _names;

    /// <summary>Finds the files in an assembly.</summary>
    internal DashboardFiles(Assembly assembly)
    {
        _assembly = assembly;
        _names = [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];
    }

    /// <summary>True when the dashboard was built into this binary.</summary>
    internal bool IsPresent => _names.Count > 0;

    /// <summary>Answers when the path names a file; the root is index.html.</summary>
    internal async Task<bool> TryWriteAsync(HttpContext context, string path)
    {
        string name = Prefix + (path == "/" ? "index.html" : path.TrimStart('/'));
        if (!_names.Contains(name)) return false;
        await using Stream file = _assembly.GetManifestResourceStream(name)!;
        HttpResponse response = context.Response;
        response.ContentType = ContentTypeOf(name);
        response.ContentLength = file.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        // The names of assets carry a hash of their content.
        response.Headers.CacheControl = path.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        if (!HttpMethods.IsHead(context.Request.Method)) await file.CopyToAsync(response.Body, context.RequestAborted);
        return true;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" or ".webmanifest" => "application/json",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}
