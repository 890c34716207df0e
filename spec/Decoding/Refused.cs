namespace Sessiond.Spec.Decoding;

/// <summary>A value was wrong, and the reason is reported.</summary>
internal readonly struct Refused;
