namespace Sessiond.Cli.Client;

/// <summary>One server-sent event.</summary>
/// <param name="Id">Its id; null when it has none.</param>
/// <param name="Name">Its kind, such as <c>session.changed</c>.</param>
/// <param name="Data">Its data, joined to one line.</param>
internal sealed record ServerEvent(string? Id, string Name, string Data);
