namespace Sessiond.Vt;

/// <summary>A hyperlink: the program's own id (may be empty) and the URI.</summary>
internal sealed record Link(string Id, string Uri);
