namespace Sessiond.Hooks.Secrets;

/// <summary>Secrets as one process gets them. Never written anywhere.</summary>
public sealed record SecretSet
{
    /// <summary>No secrets.</summary>
    public static SecretSet Empty { get; } = new() { Variables = new Dictionary<string, string>(), Values = [], Missing = [] };

    /// <summary>Environment variables: values, or paths of files.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The values, for covering them in logs.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Required secrets that are not to be had, each with its reason.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Variables.Count} secrets";
}
