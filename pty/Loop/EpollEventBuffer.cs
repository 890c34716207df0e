using System.Runtime.InteropServices;

namespace Sessiond.Pty;

/// <summary>
/// An array of struct epoll_event (sys/epoll.h): packed to 12 bytes on x86-64, 16 bytes with the data at 8 elsewhere.
/// </summary>
internal sealed unsafe class EpollEventBuffer : IDisposable
{
    internal static readonly int Stride = StrideOf(RuntimeInformation.ProcessArchitecture);
    internal static readonly int DataOffset = Stride - sizeof(ulong);

    private byte* _start;

    internal EpollEventBuffer(int capacity)
    {
        Capacity = capacity;
        _start = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * Stride));
    }

    ~EpollEventBuffer() => Free();

    internal int Capacity { get; }

    internal byte* Start => _start;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    internal static int StrideOf(Architecture architecture) => architecture == Architecture.X64 ? 12 : 16;

    internal static void Write(byte* target, EpollEvents events, ulong data)
    {
        *(uint*)target = (uint)events;
        *(ulong*)(target + DataOffset) = data;
    }

    internal EpollEvents EventsAt(int index) => (EpollEvents)(*(uint*)(_start + index * Stride));

    internal ulong DataAt(int index) => *(ulong*)(_start + index * Stride + DataOffset);

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
