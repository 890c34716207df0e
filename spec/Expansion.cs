using System.Text;

namespace Sessiond.Spec;

/// <summary>The variables of a spec's text: <c>${workspace}</c>, <c>${port}</c>, <c>${env:NAME}</c>, <c>${env:NAME:default}</c>.</summary>
/// <remarks>
/// They are replaced where no shell does it: in values of variables, paths, probes and the arguments of an argv. The text of
/// a <c>sh -c</c> is left to the shell. <c>$${</c> stands for <c>${</c>; a <c>$</c> before anything else is itself.
/// </remarks>
public sealed class Expansion
{
    private readonly Func<string, string?> _environment;

    /// <summary>Values for the variables.</summary>
    /// <param name="workspace">The workspace's folder.</param>
    /// <param name="port">The session's port; null: it has none.</param>
    /// <param name="environment">The value of an environment variable; null: it is not set.</param>
    public Expansion(string workspace, int? port, Func<string, string?> environment)
    {
        Workspace = workspace;
        Port = port;
        _environment = environment;
    }

    /// <summary>The workspace's folder.</summary>
    public string Workspace { get; }

    /// <summary>The session's port; null: it has none.</summary>
    public int? Port { get; }

    /// <summary>What is wrong with the variables of a text; null: nothing.</summary>
    public static string? Problem(string text)
    {
        string? problem = null;
        Replace(text, name =>
        {
            problem ??= ProblemOfName(name);
            return "";
        });
        return problem ?? (OpensWithoutClose(text) ? "\"${\" is not closed; write \"$${\" for the characters themselves" : null);
    }

    /// <summary>Whether a text uses a variable.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variable">Its name, for example <c>port</c>.</param>
    public static bool Uses(string text, string variable)
    {
        bool uses = false;
        Replace(text, name =>
        {
            uses |= name == variable;
            return "";
        });
        return uses;
    }

    /// <summary>Replaces the variables. One that does not exist, or a port that is not set, is left as it stands.</summary>
    public string Expand(string text) => Replace(text, ValueOf);

    private string? ValueOf(string name)
    {
        if (name == "workspace") return Workspace;
        if (name == "port") return Port?.ToString();
        if (!name.StartsWith("env:", StringComparison.Ordinal)) return null;
        string[] parts = name.Split(':', 3);
        return _environment(parts[1]) ?? (parts.Length == 3 ? parts[2] : "");
    }

    private static string? ProblemOfName(string name)
    {
        if (name is "workspace" or "port") return null;
        if (name.StartsWith("env:", StringComparison.Ordinal) && name.Length > 4 && name[4] != ':') return null;
        return $"\"${{{SpecText.Printable(name)}}}\" is unknown; there are ${{workspace}}, ${{port}}, ${{env:NAME}} and ${{env:NAME:default}}, and \"$${{\" for the characters themselves";
    }

    private static bool OpensWithoutClose(string text)
    {
        int last = text.LastIndexOf("${", StringComparison.Ordinal);
        bool escaped = last > 0 && text[last - 1] == '$';
        return last >= 0 && !escaped && text.IndexOf('}', last) < 0;
    }

    private static string Replace(string text, Func<string, string?> valueOf)
    {
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            ReadOnlySpan<char> rest = text.AsSpan(at);
            int close = rest.StartsWith("${") ? rest.IndexOf('}') : -1;
            if (close > 0)
            {
                result.Append(valueOf(rest[2..close].ToString()) ?? rest[..(close + 1)].ToString());
                at += close + 1;
            }
            else if (rest.StartsWith("$${"))
            {
                result.Append("${");
                at += 3;
            }
            else
            {
                result.Append(rest[0]);
                at++;
            }
        }

        return result.ToString();
    }
}
