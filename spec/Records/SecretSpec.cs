namespace Sessiond.Spec;

/// <summary>One entry of <c>[secrets]</c>: a secret by name, never by value.</summary>
public sealed record SecretSpec
{
    /// <summary>The environment variable: the value, or for a file its path.</summary>
    public required string Variable { get; init; }

    /// <summary>Name of the secret at the provider.</summary>
    public string Name { get; init; } = "";

    /// <summary>Without it the devbox fails.</summary>
    public bool Required { get; init; }

    /// <summary>Who gets it.</summary>
    public ValueList<SecretScope> Scope { get; init; } = [SecretScope.Hooks, SecretScope.Sessions];

    /// <summary>As a variable or as a file.</summary>
    public SecretForm As { get; init; }

    /// <summary>Where the file is written; set when <see cref="As"/> is a file.</summary>
    public string? Path { get; init; }

    /// <summary>Mode of the file.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead;

    /// <summary>The workspace says something of it: what it says reaches no place that the secret's user could not.</summary>
    public bool IsOfWorkspace { get; init; }

    /// <summary>Whether another one is handed out in the same form, under the same name and to the same place.</summary>
    internal bool IsHandedOutAs(SecretSpec other) =>
        (Variable, Name, As, Path, Mode) == (other.Variable, other.Name, other.As, other.Path, other.Mode);
}
