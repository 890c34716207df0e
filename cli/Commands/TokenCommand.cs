using System.CommandLine;
using System.Text;
using System.Text.Json;
using Sessiond.Cli.Client;
using Sessiond.Cli.Output;

namespace Sessiond.Cli.Commands;

/// <summary><c>token create|list|revoke</c>.</summary>
internal static class TokenCommand
{
    private const string Path = "v1/tokens";

    public static Command Create(CliContext context) => new("token", "Tokens for the TCP endpoint")
    {
        CreateCreate(context),
        CreateList(context),
        CreateRevoke(context),
    };

    private static Command CreateCreate(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "What the token is for" };
        var scope = new Option<string>("--scope") { Description = "observe, control, manage or admin", DefaultValueFactory = _ => "control" };
        scope.AcceptOnlyFromAmong("observe", "control", "manage", "admin");
        var user = new Option<string?>("--user") { Description = "The user whom it stands for", HelpName = "USER" };
        var expires = new Option<string?>("--expires") { Description = "How long it is good for, such as 24h", HelpName = "DURATION" };
        var command = new Command("create", "Make a token and print it; it is not shown again") { name, scope, user, expires };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            using var content = new StringContent(
                BodyOf(parsed.GetValue(name)!, parsed.GetValue(scope)!, parsed.GetValue(user), parsed.GetValue(expires)), Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, Path, content, cancellation);
            using JsonDocument answer = JsonDocument.Parse(await api.BodyAsync(response, cancellation));
            await context.Output.Out.WriteLineAsync(SafeText.Of(answer.RootElement.GetProperty("token").GetString() ?? ""));
            return ExitCode.Done;
        });
        return command;
    }

    private static string BodyOf(string name, string scope, string? user, string? expires)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("scope", scope);
            if (user is not null) writer.WriteString("user", user);
            if (expires is not null) writer.WriteString("expires", expires);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Command CreateList(CliContext context)
    {
        var command = new Command("list", "List the tokens as JSON, without their values");
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            context.Output.WriteJson(await api.ReadAsync(Path, cancellation));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateRevoke(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The token's name" };
        var command = new Command("revoke", "Make a token worthless") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            await api.SendEmptyAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(parsed.GetValue(name)!)}", cancellation);
            return ExitCode.Done;
        });
        return command;
    }
}
