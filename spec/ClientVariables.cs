using System.Text;

namespace Sessiond.Spec;

/// <summary>The variables that a client on the Unix socket may say, and how it says them: in a header of its attach, as <c>NAME=value&amp;NAME=value</c> with percent-encoding.</summary>
public static class ClientVariables
{
    /// <summary>The header of a request.</summary>
    public const string Header = "Sessiond-Environment";

    /// <summary>Characters of one value: a path has at most PATH_MAX, limits.h.</summary>
    private const int MaxValue = 4096;

    private const string Wayland = "WAYLAND_DISPLAY";

    /// <summary>Those that there are. What a variable turns on by being there is set when a client brought it; an agent that is not there does no harm.</summary>
    public static IReadOnlyList<ClientVariable> All { get; } =
    [
        new("SSH_AUTH_SOCK", "agent.sock", IsAlwaysSet: true),
        new("VSCODE_IPC_HOOK_CLI", "vscode.sock"),
        new(Wayland, "wayland.sock"),
        new("XAUTHORITY", "xauthority"),
        new("DISPLAY"),
        new("KRB5CCNAME"),
        new("SSH_CONNECTION"),
    ];

    /// <summary>The header's value for a client's own environment; empty when it has none of them.</summary>
    public static string Encode(Func<string, string?> environment)
    {
        var header = new StringBuilder();
        foreach (ClientVariable variable in All)
        {
            if (Say(variable, environment) is not { } value) continue;
            header.Append(header.Length == 0 ? "" : "&").Append(variable.Name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return header.ToString();
    }

    /// <summary>What a header says; what is unknown or cannot be is left out.</summary>
    public static IReadOnlyDictionary<string, string> Decode(string? header)
    {
        var said = new Dictionary<string, string>();
        foreach (string pair in (header ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            if (parts.Length != 2 || All.FirstOrDefault(variable => variable.Name == parts[0]) is not { } known) continue;
            string value = Uri.UnescapeDataString(parts[1]);
            if (CanBe(known, value)) said[known.Name] = value;
        }

        return said;
    }

    private static string? Say(ClientVariable variable, Func<string, string?> environment)
    {
        string? value = environment(variable.Name);
        // A Wayland socket is named relative to the user's runtime folder, wl_display_connect(3).
        if (variable.Name == Wayland && value is { Length: > 0 } && value[0] != '/' && environment("XDG_RUNTIME_DIR") is { } runtime) value = Path.Combine(runtime, value);
        return value is not null && CanBe(variable, value) ? value : null;
    }

    private static bool CanBe(ClientVariable variable, string value) =>
        value.Length is > 0 and <= MaxValue && !value.Any(char.IsControl) && (variable.Link is null || value[0] == '/');
}
