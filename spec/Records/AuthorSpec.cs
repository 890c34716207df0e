namespace Sessiond.Spec;

/// <summary>Author of a commit; empty text: git's own configuration.</summary>
public sealed record AuthorSpec
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Email address.</summary>
    public string Email { get; init; } = "";
}
