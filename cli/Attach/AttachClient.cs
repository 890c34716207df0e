using Sessiond.Cli.Client;
using Sessiond.Pty;

namespace Sessiond.Cli.Attach;

/// <summary>Shows a session on the user's terminal until one of the two ends it. Used once.</summary>
internal sealed class AttachClient
{
    // Time for the output to end after the attachment has; a terminal that is stuck gets no more.
    private static readonly TimeSpan OutputPatience = TimeSpan.FromMilliseconds(500);

    // How long the wish to take control stands while no hello has come: whoever attaches later than that is not evicted by an old command.
    private static readonly TimeSpan TakeoverTime = TimeSpan.FromSeconds(10);

    private readonly long _asked = TimeProvider.System.GetTimestamp();
    private readonly ApiClient _api;
    private readonly AttachOptions _options;
    private readonly OuterTerminal _terminal;
    private readonly TextWriter _messages;
    private readonly AttachReceiver _receiver;
    private readonly Reconnection _reconnection;

    // The first reason wins, whoever gives it: the keyboard, a signal, or the server.
    private readonly TaskCompletionSource<AttachEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile AttachConnection? _connection;

    public AttachClient(ApiClient api, AttachOptions options, OuterTerminal terminal, TextWriter messages)
    {
        _api = api;
        _options = options;
        _terminal = terminal;
        _messages = messages;
        _receiver = new AttachReceiver(terminal);
        _reconnection = new Reconnection(OpenAgainAsync, ShowAway, TimeProvider.System);
    }

    /// <summary>Attaches, and returns the exit code when it is over.</summary>
    /// <exception cref="CliException">The server refused, or does not answer; the terminal was not touched.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using AttachConnection first = await AttachConnection.OpenAsync(_api, AttachPath.First(_options, _terminal.Size), cancellation);
        _connection = first;
        using var signals = new Signals(
            end: signal => _end.TrySetResult(AttachEnd.Signalled(signal)),
            resized: SendSize,
            stop: StopAndRepaint);
        using var keyboard = new KeyboardInput(_terminal.ReadsTerminal, _options.DetachKey, SendInputAsync, end => _end.TrySetResult(end));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bool stuck = true;
        AttachEnd end;
        try
        {
            _terminal.Enter();
            keyboard.Start();
            Task output = ShowLoopAsync(first, stop.Token);
            end = await _end.Task;
            keyboard.Stop();
            stuck = !await EndsAsync(output, stop);
        }
        catch (IOException)
        {
            end = AttachEnd.Signalled("SIGHUP");
        }
        finally
        {
            _terminal.Leave(stuck);
        }

        await _messages.WriteLineAsync(end.ToLine(_options.Name));
        return end.ToExitCode();
    }

    /// <summary>Shows one connection after the other. Its end is the attachment's.</summary>
    private async Task ShowLoopAsync(AttachConnection connection, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                AttachEnd end = await _receiver.ReceiveLoopAsync(connection, cancellation);
                if (cancellation.IsCancellationRequested) return;
                if (!end.MayResume) await connection.CloseAsync();
                _connection = null;
                connection.Dispose();
                if (_receiver.Greeted) _reconnection.Settle();
                AttachConnection? next = null;
                if (end.MayResume) (next, end) = await _reconnection.RunAsync(cancellation);
                if (next is null)
                {
                    _end.TrySetResult(end);
                    return;
                }

                connection = next;
                _connection = next;
                // The window may have changed since the size was asked with.
                SendSize();
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody else ended it.
        }
        catch (Exception e)
        {
            _end.TrySetException(e);
        }
    }

    private async Task<AttachConnection> OpenAgainAsync(CancellationToken cancellation)
    {
        // Without a hello there never was an attachment to come back to.
        AttachPosition position = _receiver.Position;
        TimeSpan left = TakeoverTime - TimeProvider.System.GetElapsedTime(_asked);
        bool takeover = _options.Takeover && left > TimeSpan.Zero && position.Epoch is null;
        // A request that waits for its answer beyond that time must not take over in the end either.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (takeover) limit.CancelAfter(left);
        string path = position.Epoch is null ? AttachPath.First(_options with { Takeover = takeover }, _terminal.Size) : AttachPath.Again(_options, _terminal.Size, position);
        return await AttachConnection.OpenAsync(_api, path, limit.Token);
    }

    private void ShowAway()
    {
        _receiver.Forget();
        _terminal.ShowNotice($"[{_options.Name}: connection lost, coming back …]");
    }

    /// <summary>Ends the output; false when it is stuck in a terminal that does not read.</summary>
    private async Task<bool> EndsAsync(Task output, CancellationTokenSource stop)
    {
        // The good-bye goes first: a receive that is cancelled takes the WebSocket with it.
        if (_connection is { } connection) await connection.CloseAsync();
        await stop.CancelAsync();
        return await Task.WhenAny(output, Task.Delay(OutputPatience)) == output;
    }

    private Task SendInputAsync(ReadOnlyMemory<byte> message) => _connection?.SendInputAsync(message) ?? Task.CompletedTask;

    private void SendSize()
    {
        if (_terminal.Size is { } size) _ = _connection?.SendSizeAsync(size);
    }

    /// <summary>After a stop (SIGTSTP) the screen is the shell's: a new connection brings a whole snapshot.</summary>
    private void StopAndRepaint()
    {
        _terminal.Suspend();
        StandardIo.StopProcess();
        _terminal.Resume();
        _receiver.Forget();
        _connection?.Socket.Abort();
    }
}
