using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Startup;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon;

/// <summary>What <c>sessiond serve</c> runs: the daemon in the foreground until a signal ends it.</summary>
public static class DaemonProgram
{
    /// <summary>Runs the daemon. Returns its exit code: 0 after an orderly stop, 1 when it could not start.</summary>
    public static int Run(ServeOptions options)
    {
        OpenFiles.KeepFromChildren();
        OpenFiles.RaiseLimit();
        ChildSignals.Restore();
        SpecResult spec = SpecSource.Load(options);
        using ILoggerFactory logging = DaemonLogging.Create(spec.Spec.Logs.Stdout, TimeProvider.System);
        ILogger logger = logging.CreateLogger("sessiond");
#pragma warning disable VSTHRD002 // https://github.com/microsoft/vs-threading/blob/main/doc/analyzers/VSTHRD002.md: Main's thread has nothing else to do
        return RunAsync(options, spec, logging, logger).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private static async Task<int> RunAsync(ServeOptions options, SpecResult spec, ILoggerFactory logging, ILogger logger)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hurry = new CancellationTokenSource();
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, () => Stop(stopped, hurry));
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, () => Stop(stopped, hurry));
        Daemon? running = null;
        // It reads the spec again; and closing the terminal that started it must not end the daemon.
        using PosixSignalRegistration hangUp = OnSignal(PosixSignal.SIGHUP, () => Volatile.Read(ref running)?.Reload());
        try
        {
            await using Daemon daemon = Daemon.Create(options, spec, logging, InheritedEnvironment());
            await daemon.StartAsync();
            Volatile.Write(ref running, daemon);
            await stopped.Task;
            await daemon.StopAsync(hurry.Token);
            return 0;
        }
        catch (IOException failure)
        {
            logger.CannotStart(failure.Message);
            await Console.Error.WriteLineAsync($"sessiond: {failure.Message}");
            return 1;
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    /// <summary>The first signal stops in order, a second one hurries.</summary>
    private static void Stop(TaskCompletionSource stopped, CancellationTokenSource hurry)
    {
        if (!stopped.TrySetResult()) hurry.Cancel();
    }

    private static Dictionary<string, string> InheritedEnvironment()
    {
        var environment = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables()) environment[(string)entry.Key] = (string)(entry.Value ?? "");
        return environment;
    }
}
