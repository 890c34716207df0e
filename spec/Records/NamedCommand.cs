using Sessiond.Spec.Api;

namespace Sessiond.Spec;

/// <summary>A command of a <see cref="CommandSet"/>.</summary>
/// <param name="Name">Its key in the table; null for the only command of a set that is no table.</param>
/// <param name="Command">What runs.</param>
public sealed record NamedCommand(string? Name, Command Command);
