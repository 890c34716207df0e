using Sessiond.Daemon.Attach;
using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Tests;

/// <summary>The two bounded queues of bytes: input for the program, output for a socket.</summary>
public sealed class QueueTests
{
    /// <summary>T34, I11: no more than its capacity, and it says how much it took.</summary>
    [Fact]
    public void T34_The_input_queue_takes_its_capacity_and_no_more()
    {
        var queue = new InputQueue();
        Assert.Equal(InputQueue.Capacity - 10, queue.Add(new byte[InputQueue.Capacity - 10]));
        Assert.Equal(10, queue.Room);
        Assert.Equal(10, queue.Add(new byte[100]));
        Assert.Equal(0, queue.Room);
        Assert.Equal(0, queue.Add([1]));
        queue.Take(InputQueue.Capacity);
        Assert.Equal(InputQueue.Capacity, queue.Room);
        Assert.True(queue.Head.IsEmpty);
    }

    [Fact]
    public void T38_Input_comes_out_in_order_however_it_is_put_in_and_taken()
    {
        var queue = new InputQueue();
        var random = new Random(38);
        byte next = 0;
        byte expected = 0;
        for (int step = 0; step < 20_000; step++)
        {
            byte[] bytes = new byte[random.Next(0, 5000)];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(next + i);
            next += (byte)queue.Add(bytes);
            int take = random.Next(0, queue.Length + 1);
            foreach (byte value in queue.Head[..take]) Assert.Equal(expected++, value);
            queue.Take(take);
        }
    }

    [Fact]
    public void Pending_output_keeps_its_order_over_growth_and_partial_writes()
    {
        var pending = new PendingOutput();
        var random = new Random(6);
        byte next = 0;
        byte expected = 0;
        for (int step = 0; step < 5000; step++)
        {
            byte[] bytes = new byte[random.Next(0, 400)];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = next++;
            pending.Add(bytes);
            int take = random.Next(0, pending.Length + 1);
            foreach (byte value in pending.Head[..take]) Assert.Equal(expected++, value);
            pending.Take(take);
        }

        pending.Clear();
        Assert.Equal(0, pending.Length);
        Assert.True(pending.Head.IsEmpty);
    }
}
