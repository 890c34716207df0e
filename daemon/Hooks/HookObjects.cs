using Sessiond.Hooks;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Hooks;

/// <summary>Hooks as lists and events show them.</summary>
internal static class HookObjects
{
    internal static HookObject Of(Hook hook)
    {
        HookStatus status = hook.Status;
        return new HookObject
        {
            Name = hook.Name,
            Event = HookNames.Of(hook.Spec.Event),
            State = HookNames.Of(status.State),
            Reason = status.Reason,
            ExitCode = status.ExitCode,
            StartedAt = status.StartedAt,
            EndedAt = status.EndedAt,
            DurationMs = status.Duration is { } time ? (long)time.TotalMilliseconds : null,
            Tries = status.Tries,
            OnFailure = hook.Spec.OnFailure.ToString().ToLowerInvariant(),
        };
    }
}
