using System.CommandLine;
using System.CommandLine.Completions;
using Sessiond.Cli.Client;
using Sessiond.Spec.Api;

namespace Sessiond.Cli.Commands;

/// <summary>The argument that names a session; shells complete it from the running daemon.</summary>
internal static class SessionName
{
    // A completion that takes longer annoys more than none.
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromMilliseconds(500);

    public static Argument<string> Argument(CliContext context, string name = "NAME")
    {
        var argument = new Argument<string>(name) { Description = "The session's name" };
        argument.CompletionSources.Add(completion => Names(context, completion));
        return argument;
    }

    private static IEnumerable<CompletionItem> Names(CliContext context, CompletionContext completion)
    {
        IReadOnlyList<SessionObject> found = [];
        using var patience = new CancellationTokenSource(CompletionPatience);
        IAsyncResult reading = ReadAsync();

        // The library asks for the names synchronously.
        reading.AsyncWaitHandle.WaitOne(CompletionPatience);
        return found.Select(session => new CompletionItem(session.Name));

        async Task ReadAsync()
        {
            try
            {
                using ApiClient api = context.Open(completion.ParseResult);
                found = await api.GetAsync(SessionPath.All, ApiJsonContext.Default.IReadOnlyListSessionObject, patience.Token);
            }
            catch (Exception e) when (e is CliException or OperationCanceledException)
            {
                // No daemon, no names; a shell's completion has no place for an error.
            }
        }
    }
}
