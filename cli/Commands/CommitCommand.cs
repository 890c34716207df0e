using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;

namespace Sessiond.Cli.Commands;

/// <summary><c>commit [status|now|on|off]</c>: automatic commits.</summary>
internal static class CommitCommand
{
    private const string Path = "v1/auto-commit";

    public static Command Create(CliContext context)
    {
        var action = new Argument<string>("ACTION") { Description = "status, now, on or off", DefaultValueFactory = _ => "status" };
        action.AcceptOnlyFromAmong("status", "now", "on", "off");
        Option<bool> json = JsonOption.Create();
        var command = new Command("commit", "Show or steer the automatic commits") { action, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            byte[] answer = await RequestAsync(api, parsed.GetValue(action)!, cancellation);
            if (parsed.GetValue(json)) context.Output.WriteJson(answer);
            else Write(context.Output, answer);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<byte[]> RequestAsync(ApiClient api, string action, CancellationToken cancellation)
    {
        switch (action)
        {
            case "now":
                return await api.SendEmptyAsync(HttpMethod.Post, $"{Path}/flush", cancellation);
            case "on" or "off":
                using (var body = new ByteArrayContent(action == "on" ? "{\"enabled\":true}"u8.ToArray() : "{\"enabled\":false}"u8.ToArray()))
                {
                    body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    using HttpResponseMessage response = await api.SendAsync(HttpMethod.Patch, Path, body, cancellation);
                    return await api.BodyAsync(response, cancellation);
                }

            default:
                return await api.ReadAsync(Path, cancellation);
        }
    }

    /// <summary>The members of the answer, one a line: what a newer daemon adds is shown too.</summary>
    private static void Write(CliOutput output, byte[] answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null) continue;
                output.Out.WriteLine($"{SafeText.Of(member.Name)}\t{SafeText.Of(member.Value.ToString())}");
            }
        }
        catch (JsonException)
        {
            // An empty answer: done, and nothing to show.
        }
    }
}
