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
            try
            {
                await api.SendEmptyAsync(HttpMethod.Post, "v1/reload", cancellation);
                return ExitCode.Done;
            }
            catch (CliException refused) when (refused.ExitCode == ExitCode.Usage)
            {
                // The spec is wrong, and not how this was called.
                throw new CliException(ExitCode.Failed, refused.Message, refused);
            }
        });
        return new Command("env", "The environment that sessions get") { reload };
    }
}
