using System.CommandLine;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;

namespace Sessiond.Cli.Commands;

/// <summary><c>events</c>.</summary>
internal static class EventsCommand
{
    public static Command Create(CliContext context)
    {
        Option<bool> json = JsonOption.Create();
        var command = new Command("events", "Print what happens, as it happens") { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "v1/events", null, cancellation);
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            using var reader = new EventReader(body);
            while (await ReadAsync(reader, api, cancellation) is { } happened)
            {
                await context.Output.Out.WriteLineAsync(parsed.GetValue(json) ? ToJson(happened) : ToText(happened));
                await context.Output.Out.FlushAsync(cancellation);
            }

            throw new CliException(ExitCode.NotReachable, "the daemon ended the events");
        });
        return command;
    }

    private static async Task<ServerEvent?> ReadAsync(EventReader reader, ApiClient api, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw ApiFailure.FromTransport(e, api.Endpoint);
        }
    }

    // data is JSON already; id and event are words of the server's.
    private static string ToJson(ServerEvent happened) =>
        $"{{\"id\":{Quote(happened.Id)},\"event\":{Quote(happened.Name)},\"data\":{(happened.Data.Length == 0 ? "null" : happened.Data)}}}";

    private static string Quote(string? text) => text is null ? "null" : $"\"{JsonEncodedText.Encode(text)}\"";

    private static string ToText(ServerEvent happened)
    {
        string what = "";
        try
        {
            using JsonDocument data = JsonDocument.Parse(happened.Data);
            what = string.Join(' ', Member(data, "name"), Member(data, "state")).Trim();
        }
        catch (JsonException)
        {
            // Of a newer server: the name of the event tells enough.
        }

        return SafeText.Of($"{happened.Name} {what}".TrimEnd());
    }

    private static string Member(JsonDocument data, string name) =>
        data.RootElement.ValueKind == JsonValueKind.Object && data.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";
}
