using Sessiond.Spec.Api;
using Sessiond.Spec.Decoding;
using Sessiond.Spec.Keys;

namespace Sessiond.Spec;

/// <summary>Checks what a PATCH of a session says about its environment, as the spec's reader checks <c>[env]</c> and <c>[secrets]</c>.</summary>
public static class SessionPatch
{
    /// <summary>What is wrong; null: nothing.</summary>
    public static string? Problem(PatchSession patch)
    {
        IEnumerable<string> names = [.. patch.Env?.Keys ?? [], .. patch.Secrets?.Keys ?? []];
        if (names.Select(NameTypes.ProblemOfVariable).OfType<string>().FirstOrDefault() is { } ofName) return ofName;
        foreach ((string name, string? value) in patch.Env ?? new Dictionary<string, string?>())
        {
            if (value is null) continue;
            string? problem = value.Contains('\0') ? "must not hold a NUL character" : Expansion.Problem(value);
            if (problem is not null) return $"{name}: {problem}";
        }

        IEnumerable<string> secrets = (patch.Secrets?.Values ?? []).OfType<string>();
        return secrets.Select(SecretKeys.ProblemOfName).OfType<string>().FirstOrDefault();
    }
}
