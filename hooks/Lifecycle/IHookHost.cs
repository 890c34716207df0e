using Sessiond.Spec;

namespace Sessiond.Hooks;

/// <summary>What the runner needs of the daemon around it.</summary>
public interface IHookHost
{
    /// <summary>How a hook's command is run: environment, folder, user.</summary>
    /// <exception cref="IOException">It cannot be run here: no such user, a required secret is missing.</exception>
    Task<ProcessRequest> RequestOfAsync(HookSpec hook, string key, CancellationToken cancellation);

    /// <summary>What a hook's content is now, for <see cref="Rerun.OnChange"/>.</summary>
    string FingerprintOf(HookSpec hook);

    /// <summary>Whether a session is ready.</summary>
    NeedState SessionState(string name);

    /// <summary>Changes when the readiness of a session does.</summary>
    ChangeSignal SessionChanges { get; }

    /// <summary>A hook changed its state. Any thread; must not block.</summary>
    void OnChanged(Hook hook);

    /// <summary>Output of a hook as it comes. Any thread; must not block.</summary>
    void OnOutput(Hook hook, ReadOnlySpan<byte> bytes);

    /// <summary>A line of the runner's own about a hook. Any thread; must not block.</summary>
    void OnNote(Hook hook, string text);
}
