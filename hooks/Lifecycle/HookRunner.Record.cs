using System.Text.Json;

namespace Sessiond.Hooks;

/// <summary>The runner over a crash of the daemon: its record, and going on from one.</summary>
public sealed partial class HookRunner
{
    /// <summary>Bytes of a record: what its keeper keeps at most is 64 KiB, of which half is for others.</summary>
    private const int MaxRecord = 32 * 1024;

    /// <summary>Characters of a reason in the record.</summary>
    private const int MaxReason = 200;

    /// <summary>The states as bytes, at most 32 KiB. Any thread.</summary>
    public byte[] Save()
    {
        var records = new List<HookRecord>();
        foreach (Hook hook in Hooks)
        {
            HookStatus status = hook.Status;
            if (status.State == HookState.Pending) continue;
            string? reason = status.Reason is { Length: > MaxReason } text ? text[..MaxReason] : status.Reason;
            records.Add(new HookRecord(
                hook.Name, HookNames.Of(status.State), reason, status.ExitCode, status.StartedAt, status.EndedAt, status.Tries, status.Process));
        }

        byte[] bytes = Write(records);
        // Reasons are for people; which hook ran, and the process of one that runs, must be there.
        if (bytes.Length > MaxRecord) bytes = Write([.. records.Select(record => record with { Reason = null, StartedAt = null, EndedAt = null })]);
        return bytes;
    }

    /// <summary>Takes over the states of an earlier daemon of the same life, and follows the hooks that still run. After <see cref="Load"/>, before <see cref="RunStart"/>.</summary>
    /// <param name="saved">What <see cref="Save"/> gave.</param>
    /// <exception cref="JsonException">It is no such record.</exception>
    public void Restore(ReadOnlySpan<byte> saved)
    {
        HookRunnerRecord record = JsonSerializer.Deserialize(saved, HookJsonContext.Default.HookRunnerRecord)
            ?? throw new JsonException("the record of the hooks is null");
        Interlocked.Exchange(ref _runs, record.Runs);
        Dictionary<string, Hook> known = Hooks.ToDictionary(hook => hook.Name);
        foreach (HookRecord kept in record.Hooks)
        {
            if (known.TryGetValue(kept.Name, out Hook? hook)) Restore(hook, kept);
        }

        Changes.Pulse();
    }

    private void Restore(Hook hook, HookRecord kept)
    {
        HookState state = Enum.GetValues<HookState>().FirstOrDefault(value => HookNames.Of(value) == kept.State);
        var status = new HookStatus
        {
            State = state,
            Reason = kept.Reason,
            ExitCode = kept.ExitCode,
            StartedAt = kept.StartedAt,
            EndedAt = kept.EndedAt,
            Tries = kept.Tries,
            Process = kept.Process,
        };
        if (state == HookState.Skipped) return;
        hook.Status = status;
        if (state != HookState.Running) return;
        if (kept.Process is not { } key)
        {
            // It waited for its next try: that try begins now.
            lock (_gate) hook.Run = Task.Run(() => GuardAsync(hook, () => RunAsync(hook, _stop.Token, kept.Tries + 1)));
            return;
        }

        Task<IStartedProcess>? process = _starter.Adopt(key, bytes => _host.OnOutput(hook, bytes));
        if (process is null)
        {
            // It was about to be started when the daemon ended: that try begins now.
            lock (_gate) hook.Run = Task.Run(() => GuardAsync(hook, () => RunAsync(hook, _stop.Token, Math.Max(kept.Tries, 1))));
            return;
        }

        string fingerprint = hook.Spec.Event <= Spec.HookEvent.PostCreate ? _host.FingerprintOf(hook.Spec) : "";
        lock (_gate) hook.Run = Task.Run(() => GuardAsync(hook, () => FinishAdoptedAsync(hook, process, fingerprint)));
    }

    private async Task FinishAdoptedAsync(Hook hook, Task<IStartedProcess> started, string fingerprint)
    {
        (HookStatus status, IStartedProcess? process) = await FollowAdoptedAsync(hook, started);
        if (status.State == HookState.Failed && status.Tries <= hook.Spec.Retries && !_stop.IsCancellationRequested)
        {
            Set(hook, status with { State = HookState.Running, EndedAt = null, Reason = $"{status.Reason}; tries again" });
            process?.Release();
            await RunAsync(hook, _stop.Token, status.Tries + 1);
            return;
        }

        Set(hook, status.State == HookState.Succeeded ? Mark(hook, hook.Spec, fingerprint, status) : status);
        process?.Release();
    }

    private async Task<(HookStatus Status, IStartedProcess? Process)> FollowAdoptedAsync(Hook hook, Task<IStartedProcess> started)
    {
        HookStatus running = hook.Status;
        IStartedProcess process;
        try
        {
            process = await started;
        }
        catch (IOException failure)
        {
            return (NotStarted(hook, running, failure), null);
        }

        return (await FollowAsync(hook, hook.Spec, process, running, _stop.Token), process);
    }

    private byte[] Write(IReadOnlyList<HookRecord> hooks) =>
        JsonSerializer.SerializeToUtf8Bytes(new HookRunnerRecord(_life, Interlocked.Read(ref _runs), hooks), HookJsonContext.Default.HookRunnerRecord);
}
