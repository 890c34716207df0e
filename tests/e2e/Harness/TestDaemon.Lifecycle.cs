using System.Net;
using System.Text;
using System.Text.Json;
using Sessiond.Spec.Api;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>Hooks, the devbox as a whole, and the spec that changes.</summary>
internal sealed partial class TestDaemon
{
    internal async Task<HookObject> HookAsync(string name) =>
        JsonSerializer.Deserialize(await Http.GetStringAsync("v1/hooks"), ApiJsonContext.Default.IReadOnlyListHookObject)!.Single(hook => hook.Name == name);

    /// <summary>Waits until a hook is in one of some states.</summary>
    internal async Task<HookObject> UntilHookAsync(string name, params string[] states)
    {
        HookObject? hook = null;
        await Eventually.TrueAsync(
            async () =>
            {
                hook = (await StatusAsync()).Hooks.FirstOrDefault(item => item.Name == name);
                return hook is not null && states.Contains(hook.State);
            },
            () => $"hook {name} {string.Join(" or ", states)}; it is {hook?.State}: {hook?.Reason}\n{Log}");
        return hook!;
    }

    internal async Task<StatusObject> UntilDevboxAsync(string state)
    {
        StatusObject? status = null;
        await Eventually.TrueAsync(
            async () => (status = await StatusAsync()).State == state, () => $"the devbox {state}; it is {status?.State}: {status?.Reason}");
        return status!;
    }

    /// <summary>Kills the daemon and waits until the next one serves.</summary>
    internal async Task CrashAsync() => await AnotherServesAsync(await KillDaemonAsync());

    /// <summary>Waits until another daemon than one that was killed serves.</summary>
    internal async Task AnotherServesAsync(int killed)
    {
        await Eventually.TrueAsync(() => DaemonPid is var now && now != 0 && now != killed, "another daemon");
        await ServesAsync();
    }

    internal async Task<SessionObject> UntilReadyAsync(string name)
    {
        SessionObject? session = null;
        await Eventually.TrueAsync(
            async () => (session = await FindSessionAsync(name)) is { Ready: true }, () => $"session {name} ready; it is {session?.State}: {session?.Reason}");
        return session!;
    }

    internal Task<string> HookLogAsync(string name) => Http.GetStringAsync($"v1/hooks/{name}/log");

    internal async Task RerunAsync(string name) => await PostAsync($"v1/hooks/{name}/rerun");

    /// <summary>Posts without a body; must succeed.</summary>
    internal async Task<string> PostAsync(string path)
    {
        using HttpResponseMessage response = await Http.PostAsync(path, null);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return text;
    }

    /// <summary>Replaces a part of the spec's text.</summary>
    internal async Task EditSpecAsync(string from, string to)
    {
        string file = Path.Combine(Folder, "spec.toml");
        string text = await File.ReadAllTextAsync(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    internal async Task<ReloadResult> ReloadAsync() =>
        JsonSerializer.Deserialize(await PostAsync("v1/reload"), ApiJsonContext.Default.ReloadResult)!;

    /// <summary>All events since the start, until one of a name holds a text.</summary>
    internal async Task<string> EventsAsync(string name, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/events");
        request.Headers.Add("Last-Event-ID", "0");
        using HttpResponseMessage response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var read = new StringBuilder();
        bool isNamed = false;
        while (await reader.ReadLineAsync().WaitAsync(Host.Patience) is { } line)
        {
            read.Append(line).Append('\n');
            if (line.StartsWith("event: ", StringComparison.Ordinal)) isNamed = line == $"event: {name}";
            if (isNamed && line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)) break;
        }

        return read.ToString();
    }
}
