using Sessiond.Cli.Client;

namespace Sessiond.Cli.Commands;

/// <summary><c>env reload</c>.</summary>
internal static class EnvCommand
{
    public static Command Create(CliContext context)
    {
        var reload = new Command("reload", "Read the spec, its environment and its secrets again");
        reload.SetAction(async (parsed, cancellation) =>
        {
            using ApiClient api = context.Open(parsed);
            await api.SendEmptyAsync(HttpMethod.Post, "v1/reload", cancellation);
            return ExitCode.Done;
        });
        return new Command("env", "The environment that sessions get") { reload };
    }
}
