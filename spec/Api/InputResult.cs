using System.Text.Json.Serialization;

namespace Sessiond.Spec.Api;

/// <summary>Answer of POST /v1/sessions/{name}/input.</summary>
/// <param name="Accepted">Bytes that the session's input queue took.</param>
/// <param name="Lost">Bytes of these that the terminal drops, because it edits lines and keeps 4095 bytes of one; absent when there are none.</param>
/// <param name="Offset">The session's offset afterwards: what the program prints in answer comes behind it, or shortly before.</param>
public sealed record InputResult(
    long Accepted, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Lost = null, long Offset = 0);
