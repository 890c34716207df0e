using Sessiond.Holder;
using Sessiond.Pty;

namespace Sessiond.Daemon.Tests;

/// <summary>The two ends of the channel between holder and daemon.</summary>
public sealed class MessageChannelTests
{
    /// <summary>An end that hears nothing more must not go on as if it did.</summary>
    [Fact]
    public async Task What_a_message_throws_is_told_and_the_next_one_is_not_heard()
    {
        using var loop = new EpollLoop("test", static _ => { });
        (MessageSocket ours, MessageSocket theirs) = MessageSocket.Pair();
        var fault = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        int heard = 0;
        var channel = new MessageChannel(ours, loop)
        {
            OnMessage = _ =>
            {
                heard++;
                throw new InvalidOperationException("not understood");
            },
            OnFault = fault.SetResult,
        };
        var other = new MessageChannel(theirs, loop);
        other.Send(new HolderMessage(MessageKind.Ping));
        other.Send(new HolderMessage(MessageKind.Ping));
        await loop.InvokeAsync(channel.Start);
        Assert.Equal("not understood", (await fault.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Message);
        await loop.InvokeAsync(static () => { });
        Assert.Equal(1, heard);
        await loop.InvokeAsync(channel.Close);
        await loop.InvokeAsync(other.Close);
    }
}
