namespace Sessiond.Spec;

/// <summary><c>[import]</c>: other tools' files that are read too.</summary>
public sealed record ImportSpec
{
    /// <summary>Lifecycle commands, remoteEnv, waitFor and forwardPorts of <c>.devcontainer/devcontainer.json</c>.</summary>
    public bool Devcontainer { get; init; }

    /// <summary>Variables of a Quix <c>app.yaml</c> in the app folder.</summary>
    public bool AppYaml { get; init; }

    /// <summary>Dotenv files, relative to the workspace; a missing one is a warning.</summary>
    public ValueList<string> EnvFiles { get; init; } = [];
}
