using System.Buffers;
using System.Text;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>Bytes as they come, and waiting for some text among them. Any thread.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new(); // guards all below
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    internal int Length
    {
        get
        {
            lock (_gate) return _bytes.WrittenCount;
        }
    }

    internal byte[] ToArray()
    {
        lock (_gate) return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>What came from a position on, bytes that are no UTF-8 replaced.</summary>
    internal string Text(int from = 0) => Encoding.UTF8.GetString(ToArray().AsSpan(from));

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate) _bytes.Write(bytes);
        Wake();
    }

    internal void End()
    {
        lock (_gate) _ended = true;
        Wake();
    }

    /// <summary>Waits until a text is there; returns the position behind it.</summary>
    internal Task<int> UntilAsync(string text, int from = 0, TimeSpan? patience = null)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        return UntilAsync(bytes => bytes.IndexOf(wanted) is >= 0 and int at ? at + wanted.Length : -1, $"\"{text}\"", from, patience);
    }

    /// <summary>Waits until a search finds something in what came from a position on; returns the position that it gave.</summary>
    internal async Task<int> UntilAsync(Search search, string what, int from = 0, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Host.Patience);
        int searched = from;
        while (true)
        {
            Task news = Volatile.Read(ref _news).Task;
            bool ended;
            lock (_gate)
            {
                ended = _ended;
                int found = search(_bytes.WrittenSpan[searched..]);
                if (found >= 0) return searched + found;
            }

            if (ended) throw new InvalidOperationException($"the output ended without {what}: {Tail()}");
            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no {what} in time: {Tail()}");
            }
        }
    }

    /// <summary>Waits until nothing more will come.</summary>
    internal async Task EndAsync()
    {
        while (true)
        {
            Task news = Volatile.Read(ref _news).Task;
            lock (_gate)
            {
                if (_ended) return;
            }

            await news.WaitAsync(Host.Patience);
        }
    }

    internal delegate int Search(ReadOnlySpan<byte> bytes);

    private string Tail()
    {
        string text = Text();
        return text.Length > 2000 ? "…" + text[^2000..] : text;
    }

    private void Wake()
    {
        TaskCompletionSource before = Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        before.TrySetResult();
    }
}
