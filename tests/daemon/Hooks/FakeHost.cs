using Sessiond.Hooks;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon.Tests;

/// <summary>A daemon without sessions, whose hooks' content the test changes.</summary>
internal sealed class FakeHost : IHookHost
{
    private readonly Lock _gate = new(); // guards _log

    private readonly List<string> _log = [];

    public ChangeSignal SessionChanges { get; } = new();

    internal string Fingerprint { get; set; } = "-";

    internal Dictionary<string, NeedState> Sessions { get; } = [];

    internal IReadOnlyList<string> Log
    {
        get
        {
            lock (_gate) return [.. _log];
        }
    }

    public Task<ProcessRequest> RequestOfAsync(HookSpec hook, string key, CancellationToken cancellation) => Task.FromResult(new ProcessRequest
    {
        Key = key,
        Argv = [hook.Name],
        Environment = new Dictionary<string, string>(),
        WorkingFolder = "/",
        User = UserDatabase.Current(),
    });

    public string FingerprintOf(HookSpec hook) => Fingerprint;

    public NeedState SessionState(string name) => Sessions.GetValueOrDefault(name, NeedState.Waiting($"waits for {name}"));

    public void OnChanged(Hook hook)
    {
        lock (_gate) _log.Add($"{hook.Name} {HookNames.Of(hook.Status.State)}");
    }

    public void OnOutput(Hook hook, ReadOnlySpan<byte> bytes)
    {
    }

    public void OnNote(Hook hook, string text)
    {
    }
}
