namespace Sessiond.Bench;

/// <summary>A program that prints a payload when it is told to, and tells when all of it is written.</summary>
internal sealed class PrintRun : IDisposable
{
    // What is printed last comes out whole whatever the payload did before: default pen, empty screen, top left.
    private const string Script =
        "echo READY; read _ < \"$1\"; shift; out=$1; shift; cat \"$@\"; printf '\\033[m\\033[2J\\033[H@@PRINTED@@'; echo > \"$out\"; exec sleep 1000";

    private readonly string _go;
    private readonly string _done;

    internal PrintRun(string folder, string name, Payload payload, int copies)
    {
        _go = Path.Combine(folder, $"{name}.go");
        _done = Path.Combine(folder, $"{name}.done");
        Libc.MakeFifo(_go);
        Libc.MakeFifo(_done);
        Argv = ["sh", "-c", Script, "sh", _go, _done, .. Enumerable.Repeat(payload.Path, copies)];
    }

    /// <summary>What the output ends with.</summary>
    internal static ReadOnlySpan<byte> Marker => "@@PRINTED@@"u8;

    /// <summary>What is shown once it waits.</summary>
    internal static ReadOnlySpan<byte> Ready => "READY"u8;

    internal string[] Argv { get; }

    /// <summary>Lets it print; waits until it waits.</summary>
    internal void Go()
    {
        using FileStream fifo = new(_go, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        fifo.Write("\n"u8);
    }

    /// <summary>Waits until everything is written to the terminal.</summary>
    internal void AwaitDone()
    {
        using FileStream fifo = new(_done, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        fifo.ReadByte();
    }

    public void Dispose()
    {
        File.Delete(_go);
        File.Delete(_done);
    }
}
