namespace Sessiond.Spec;

/// <summary>A variable of the client's own environment that a session's programs follow.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Link">For a path: the name of the link that leads to it. Null: it is a value.</param>
/// <param name="IsAlwaysSet">Programs get it before any client said it: its link may lead somewhere later.</param>
public sealed record ClientVariable(string Name, string? Link = null, bool IsAlwaysSet = false);
