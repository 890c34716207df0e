using Sessiond.Spec;

namespace Sessiond.Hooks;

/// <summary>A hook of the spec and where it stands.</summary>
public sealed class Hook
{
    private HookSpec _spec;
    private HookStatus _status;

    internal Hook(HookSpec spec, HookStatus status)
    {
        _spec = spec;
        _status = status;
    }

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>What the spec says; replaced by a reload. Any thread.</summary>
    public HookSpec Spec
    {
        get => Volatile.Read(ref _spec);
        internal set => Volatile.Write(ref _spec, value);
    }

    /// <summary>Where it stands. Any thread.</summary>
    public HookStatus Status
    {
        get => Volatile.Read(ref _status);
        internal set => Volatile.Write(ref _status, value);
    }

    /// <summary>The hook failed, or was left out for one that did, and holds up what comes after it.</summary>
    public bool IsBroken => Status.State == HookState.Skipped || (Status.State == HookState.Failed && Spec.OnFailure == OnFailure.Fail);

    /// <summary>What comes after it may begin.</summary>
    public bool IsDone => Status.IsOver && !IsBroken;

    /// <summary>The run that is under way; null when none is. Guarded by the runner's gate.</summary>
    internal Task? Run { get; set; }
}
