namespace Sessiond.Spec.Api;

/// <summary>Answer of POST /v1/sessions/{name}/input.</summary>
/// <param name="Accepted">Bytes that the session's input queue took.</param>
public sealed record InputResult(long Accepted);
