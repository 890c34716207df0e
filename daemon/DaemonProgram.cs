using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sessiond.Daemon.Startup;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec;

namespace Sessiond.Daemon;

/// <summary>What <c>sessiond daemon</c> runs, as a child of the holder: the daemon until the holder, or the loss of it, ends it.</summary>
public static class DaemonProgram
{
    private const int Lost = 1;
    private const int Retired = 2;

    /// <summary>Runs the daemon. Returns its exit code: 0 after an orderly stop, 1 when it could not start.</summary>
    public static int Run(ServeOptions options)
    {
        var loop = new EpollLoop("interactive", static exception => Console.Error.WriteLine($"sessiond: {exception}"));
        if (HolderClient.Connect(loop) is not { } holder)
        {
            Console.Error.WriteLine("sessiond: the daemon is started by `sessiond serve`");
            return 2;
        }

        OpenFiles.KeepFromChildren();
        OpenFiles.RaiseLimit();
        SpecResult spec = SpecSource.Load(options);
        using ILoggerFactory logging = DaemonLogging.Create(spec.Spec.Logs.Stdout, TimeProvider.System);
        ILogger logger = logging.CreateLogger("sessiond");
#pragma warning disable VSTHRD002 // https://github.com/microsoft/vs-threading/blob/main/doc/analyzers/VSTHRD002.md: Main's thread has nothing else to do
        return RunAsync(options, spec, logging, logger, loop, holder).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private static async Task<int> RunAsync(
        ServeOptions options, SpecResult spec, ILoggerFactory logging, ILogger logger, EpollLoop loop, HolderClient holder)
    {
        var stopped = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hurry = new CancellationTokenSource();
        // The holder decides: a service manager that signals the whole group, or a terminal that closes, must not end the daemon before its sessions.
        using PosixSignalRegistration terminate = Ignore(PosixSignal.SIGTERM);
        using PosixSignalRegistration interrupt = Ignore(PosixSignal.SIGINT);
        using PosixSignalRegistration hangUp = Ignore(PosixSignal.SIGHUP);
        holder.OnStop = isUrgent =>
        {
            stopped.TrySetResult(0);
            if (isUrgent) hurry.Cancel();
        };
        holder.OnLost = () => stopped.TrySetResult(Lost);
        string failure = "";
        holder.OnRetire = why =>
        {
            failure = why;
            stopped.TrySetResult(Retired);
        };
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        holder.OnGo = () => go.TrySetResult();
        var serving = new TaskCompletionSource<Daemon>(TaskCreationOptions.RunContinuationsAsynchronously);
        holder.OnReload = () => _ = ReloadAsync(serving.Task);
        holder.Greet(DevboxStatus.Version);
        try
        {
            Handover handover = await holder.HandoverAsync();
            await using Daemon daemon = Daemon.Create(options, spec, logging, OwnEnvironment.Read(), loop, holder, handover);
            holder.OnQuiesce = daemon.Quiesce;
            holder.OnResume = reason => _ = daemon.ResumeAsync(reason);
            await daemon.StartAsync(go.Task);
            serving.SetResult(daemon);
            holder.Ready();
            int code = await stopped.Task;
            if (code == Retired)
            {
                await daemon.RetireAsync(failure);
                return 0;
            }

            if (code == Lost)
            {
                daemon.LeaveSocket();
                await hurry.CancelAsync();
            }

            await daemon.StopAsync(hurry.Token);
            holder.Stopped(code);
            return code;
        }
        catch (IOException exception)
        {
            logger.CannotStart(exception.Message);
            await Console.Error.WriteLineAsync($"sessiond: {exception.Message}");
            return 1;
        }
    }

    /// <summary>One that comes before everything is started is for then: the spec may have been read before it was changed.</summary>
    private static async Task ReloadAsync(Task<Daemon> serving) => (await serving).Reload();

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, static context => context.Cancel = true);
}
