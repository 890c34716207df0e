using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Body of POST /v1/sessions. Keys that are absent take the spec's defaults.</summary>
public sealed record CreateSession
{
    /// <summary>Name; absent: a readable random one.</summary>
    public string? Name { get; init; }

    /// <summary>A string (<c>sh -c</c>) or an array (exec); absent: the shell.</summary>
    public Command? Command { get; init; }

    /// <summary>Working folder; relative to the workspace.</summary>
    public string? Cwd { get; init; }

    /// <summary>Variables beside those of the spec.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Size at the start.</summary>
    public SizeObject? Size { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Preset; default <c>terminal</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The user whose processes these are; must be allowed by <c>[daemon].run_as</c>.</summary>
    public string? User { get; init; }

    /// <summary>Port of a web server in the session.</summary>
    public int? Port { get; init; }

    /// <summary>TERM.</summary>
    public string? Term { get; init; }

    /// <summary>Shell of a session without command.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether that shell is a login shell.</summary>
    public bool? Login { get; init; }

    /// <summary>Lines of scrollback.</summary>
    public int? Scrollback { get; init; }

    /// <summary>The body as it came: <c>restart</c>, <c>ready</c>, <c>needs</c> and the like are read from it as the spec reads them.</summary>
    [JsonIgnore]
    public byte[]? Body { get; init; }
}
