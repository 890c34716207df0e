using System.CommandLine;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary><c>commit [status|now|on|off]</c>: automatic commits.</summary>
internal static class CommitCommand
{
    private const string Path = "v1/auto-commit";

    public static Command Create(CliContext context)
    {
        var action = new Argument<string>("ACTION") { Description = "status, now, on or off", DefaultValueFactory = _ => "status" };
        action.AcceptOnlyFromAmong("status", "now", "on", "off");
        var session = new Option<string?>("--session") { Description = "Of a session's own workspace", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "now: also when most files are gone" };
        Option<bool> json = JsonOption.Create();
        var command = new Command("commit", "Show or steer the automatic commits") { action, session, force, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            string verb = parsed.GetValue(action)!;
            byte[] answer = await RequestAsync(api, verb, parsed.GetValue(session), parsed.GetValue(force), cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            else Write(context.Output, answer);
            // Who asks for a save now wants to know whether there is one.
            AutoCommitObject status = ApiClient.Parse(answer, ApiJsonContext.Default.AutoCommitObject);
            return verb == "now" && (status.Error is not null || status.State is "blocked" or "offline") ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<byte[]> RequestAsync(ApiClient api, string action, string? session, bool force, CancellationToken cancellation)
    {
        string[] parts = [.. session is null ? Array.Empty<string>() : [$"session={Uri.EscapeDataString(session)}"], .. force ? ["force=1"] : Array.Empty<string>()];
        string query = parts.Length == 0 ? "" : "?" + string.Join('&', parts);
        switch (action)
        {
            case "now":
                return await api.SendEmptyAsync(HttpMethod.Post, $"{Path}/flush{query}", cancellation);
            case "on" or "off":
                return await api.SendJsonAsync(
                    HttpMethod.Patch, Path + query, new PatchAutoCommit { Enabled = action == "on" }, ApiJsonContext.Default.PatchAutoCommit, cancellation);
            default:
                return await api.ReadAsync(Path + query, cancellation);
        }
    }

    /// <summary>The members of the answer, one a line: what a newer daemon adds is shown too.</summary>
    private static void Write(CliOutput output, byte[] answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty member in document.RootElement.EnumerateObject()) Write(output, member.Name, member.Value);
        }
        catch (JsonException)
        {
            // An empty answer: done, and nothing to show.
        }
    }

    private static void Write(CliOutput output, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject()) Write(output, $"{name}.{member.Name}", member.Value);
            return;
        }

        output.Out.WriteLine($"{SafeText.Of(name)}\t{SafeText.Of(value.ToString())}");
    }
}
