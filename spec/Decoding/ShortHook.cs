namespace Sessiond.Spec.Decoding;

/// <summary>The commands of one event in <c>[hooks]</c>.</summary>
internal sealed record ShortHook(HookEvent Event, CommandSet Run, SourcePosition Position);
