using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Events;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Daemon.Logs;
using Sessiond.Daemon.Sessions;
using Sessiond.Hooks;
using Sessiond.Hooks.Secrets;
using Sessiond.Spec;
using Sessiond.Spec.Api;

namespace Sessiond.Daemon.Hooks;

/// <summary>The daemon as the hook runner sees it: how a hook is run here, and where its output and its state go.</summary>
internal sealed class HookHost : IHookHost
{
    /// <summary>Lines wait so long for others before they are told: a build prints hundreds a second.</summary>
    private static readonly TimeSpan LineDelay = TimeSpan.FromMilliseconds(100);

    private readonly Func<SessionDefinitions> _definitions;
    private readonly DevboxSecrets _secrets;
    private readonly SessionReadiness _readiness;
    private readonly SessionLogs _logs;
    private readonly EventHub _events;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string _epoch;
    private readonly Action _onChanged;
    private readonly ConcurrentDictionary<string, HookOutput> _outputs = new();

    internal HookHost(
        Func<SessionDefinitions> definitions, DevboxSecrets secrets, SessionReadiness readiness, SessionLogs logs, EventHub events, ILogger logger, TimeProvider time, string epoch, Action onChanged)
    {
        _definitions = definitions;
        _secrets = secrets;
        _readiness = readiness;
        _logs = logs;
        _events = events;
        _logger = logger;
        _time = time;
        _epoch = epoch;
        _onChanged = onChanged;
    }

    /// <inheritdoc/>
    public ChangeSignal SessionChanges => _readiness.Changes;

    /// <summary>The log of a hook. Any thread.</summary>
    internal HookLog LogOf(string name) => OutputOf(name).Log;

    /// <summary>The logs of all hooks that printed something. Any thread.</summary>
    internal IEnumerable<SessionLog> Logs => _outputs.Values.Select(output => output.Log.Log);

    /// <inheritdoc/>
    public async Task<ProcessRequest> RequestOfAsync(HookSpec hook, string key, CancellationToken cancellation)
    {
        ProcessRequest request = _definitions().OfHook(hook, key);
        if (!_secrets.HasAny(SecretScope.Hooks)) return request;
        SecretSet set = await _secrets.FetchAsync(SecretScope.Hooks, new Dictionary<string, string>(), request.User, cancellation);
        if (set.Missing.Count > 0) throw new IOException(string.Join("; ", set.Missing));
        var environment = new Dictionary<string, string>(request.Environment);
        foreach ((string name, string value) in set.Variables) environment[name] = value;
        return request with { Environment = environment };
    }

    /// <inheritdoc/>
    public string FingerprintOf(HookSpec hook) =>
        hook.Rerun == Rerun.OnChange ? ContentFingerprint.Of(_definitions().FolderOf(hook), hook.Inputs, hook.Run.ToString()) : "-";

    /// <inheritdoc/>
    public NeedState SessionState(string name) => _readiness.StateOf(name);

    /// <inheritdoc/>
    public void OnChanged(Hook hook)
    {
        _onChanged();
        if (hook.Status.State == HookState.Failed) _logger.HookFailed(hook.Name, hook.Status.Reason ?? "");
        _events.Publish(hook);
    }

    /// <inheritdoc/>
    public void OnOutput(Hook hook, ReadOnlySpan<byte> bytes) => OnOutput(hook.Name, bytes);

    /// <summary>The same by the hook's name, also for one that the spec names no more.</summary>
    internal void OnOutput(string hook, ReadOnlySpan<byte> bytes)
    {
        HookOutput output = OutputOf(hook);
        output.Log.Append(bytes);
        if (output.Lines.Add(bytes)) _ = TellSoonAsync(hook, output);
    }

    /// <inheritdoc/>
    public void OnNote(Hook hook, string text)
    {
        HookOutput output = OutputOf(hook.Name);
        output.Log.AppendNote($"[sessiond] {text}");
        if (output.Lines.AddNote(text)) _ = TellSoonAsync(hook.Name, output);
    }

    private async Task TellSoonAsync(string name, HookOutput output)
    {
        await Task.WhenAll(Task.Delay(LineDelay, _time), _logs.MaskIsKnown);
        HookLogObject batch = output.Lines.Take(name);
        batch = batch with { Lines = [.. batch.Lines.Select(_logs.Mask.Apply)] };
        foreach (string line in batch.Lines) _logger.HookLine(name, line);
        if (batch.Skipped > 0) _logger.HookLinesSkipped(name, batch.Skipped);
        _events.Publish(batch);
    }

    private HookOutput OutputOf(string name) => _outputs.GetOrAdd(name, key => new HookOutput(new HookLog(key, _logs, _epoch), new HookLines()));

    private sealed record HookOutput(HookLog Log, HookLines Lines);
}
