using System.Text;
using Sessiond.Pty;

namespace Sessiond.Hooks.Secrets;

/// <summary>A program that prints the secret whose name is its last argument. What it prints to standard error is not told apart and therefore shown nowhere.</summary>
/// <param name="starter">Starts it.</param>
/// <param name="argv">The program and its arguments but the last.</param>
/// <param name="environment">Its environment.</param>
/// <param name="workingFolder">Where it runs.</param>
/// <param name="user">Whom it runs as.</param>
public sealed class CommandSecrets(IProcessStarter starter, IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment, string workingFolder, UserIdentity user) : ISecretProvider
{
    /// <summary>How long it may take: it asks a server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static int _runs;

    /// <inheritdoc/>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        var output = new MemoryStream();
        var request = new ProcessRequest
        {
            Key = $"secret.{Environment.ProcessId}.{Interlocked.Increment(ref _runs)}",
            Argv = [.. argv, name],
            Environment = environment,
            WorkingFolder = workingFolder,
            User = user,
        };
        IStartedProcess process = starter.Start(request, bytes =>
        {
            lock (output)
            {
                if (output.Length <= FileSecrets.MaxLength) output.Write(bytes);
            }
        });
        ExitStatus status;
        try
        {
            status = await process.Ended.WaitAsync(Patience, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await process.EndAsync(TimeSpan.FromSeconds(1), cancellation);
            throw new IOException($"secret {name}: {argv[0]} took longer than {Patience.TotalSeconds:0} s", exception);
        }

        if (status.ShellCode != 0) throw new IOException($"secret {name}: {argv[0]} {status}");
        lock (output)
        {
            if (output.Length > FileSecrets.MaxLength) throw new IOException($"secret {name} is larger than {FileSecrets.MaxLength >> 10} KiB");
            return FileSecrets.Trim(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
        }
    }
}
