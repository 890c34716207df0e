using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[secrets]</c> and <c>[secret_provider]</c>.</summary>
internal static class SecretKeys
{
    // A secret that nobody gets is a mistake.
    private static readonly SpecType<ValueList<SecretScope>> Scope = SpecTypes
        .ListOf(SpecTypes.OneOf(("hooks", SecretScope.Hooks), ("sessions", SecretScope.Sessions)))
        .Checked(scopes => scopes.Count == 0 ? "must name \"hooks\", \"sessions\" or both" : null);

    private static readonly SpecType<SecretForm> Form = SpecTypes.OneOf(("env", SecretForm.Env), ("file", SecretForm.File));

    // The name becomes a file name below the provider's folder.
    private static readonly SpecType<string> SecretName = SpecTypes.Word
        .Checked(ProblemOfName);

    public static readonly SpecTable<SecretSpec> Secret = new SpecTable<SecretSpec>("secrets.VARIABLE", "The long form of a secret.")
        .Key("name", SecretName, "(the variable's name)", "Name of the secret at the provider.", (secret, name) => secret with { Name = name })
        .Key("required", SpecTypes.Flag, "false", "Without it the devbox fails.", (secret, flag) => secret with { Required = flag })
        .Key("scope", Scope, "[\"hooks\", \"sessions\"]", "Who gets it.", (secret, scope) => secret with { Scope = scope })
        .Key("as", Form, "\"env\"", "env: the variable is its value. file: the variable is the path of a file that holds it.", (secret, form) => secret with { As = form })
        .Key("path", NameTypes.Path, "(none)", "Where the file is written.", (secret, path) => secret with { Path = path })
        .Key("mode", UnitTypes.FileMode, "\"0400\"", "Mode of the file.", (secret, mode) => secret with { Mode = mode });

    private static readonly SecretSpec Nameless = new() { Variable = "" };

    /// <summary>KEY = the environment variable, VALUE = the name of the secret, or a table.</summary>
    public static readonly SpecType<ValueList<SecretSpec>> Secrets = SpecTypes.Entries(
        "secrets",
        SpecTypes.OrTable(
            SecretName.Select(name => Nameless with { Name = name }, "name"),
            SpecTypes.WholeTable(Secret, Nameless).Checked(ProblemOfForm)),
        NameTypes.ProblemOfVariable,
        (variable, secret) => secret with { Variable = variable, Name = secret.Name.Length == 0 ? variable : secret.Name });

    private static readonly SpecType<SecretProviderType> ProviderType = SpecTypes.OneOf(
        ("files", SecretProviderType.Files), ("env", SecretProviderType.Env), ("exec", SecretProviderType.Exec));

    public static readonly SpecTable<SecretProviderSpec> ProviderTable = new SpecTable<SecretProviderSpec>("secret_provider", "Where secret values come from; image and platform layers only.")
        .Key("type", ProviderType, "\"files\"", "files: one file per secret name (a Kubernetes secret volume); env: the daemon's environment; exec: a command.", (provider, type) => provider with { Type = type })
        .Key("dir", NameTypes.Path, "\"/var/run/secrets/sessiond\"", "For `files`: the folder.", (provider, path) => provider with { Dir = path })
        .Key("command", CommandTypes.Command, "(none)", "For `exec`: prints the secret whose name is its last argument.", (provider, command) => provider with { Command = command });

    public static readonly SpecType<SecretProviderSpec> Provider = SpecTypes.WholeTable(ProviderTable, new SecretProviderSpec())
        .Checked(provider => provider is { Type: SecretProviderType.Exec, Command: null } ? "type \"exec\" needs \"command\"" : null);

    /// <summary>What is wrong with the name of a secret.</summary>
    public static string? ProblemOfName(string name) => name.Length == 0 || name.Contains('/') || name is "." or ".." || name.Any(char.IsControl)
        ? $"\"{SpecText.Printable(name)}\" is not the name of a secret"
        : null;

    private static string? ProblemOfForm(SecretSpec secret) => secret switch
    {
        { As: SecretForm.File, Path: null } => "as = \"file\" needs \"path\"",
        { As: SecretForm.Env, Path: not null } => "\"path\" needs as = \"file\"",
        _ => null,
    };
}
