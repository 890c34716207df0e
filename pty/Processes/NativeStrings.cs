using System.Runtime.InteropServices;
using System.Text;

namespace Sessiond.Pty;

/// <summary>A NULL-terminated array of C strings in native memory, as execve(2) takes it.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte** _start;
    private readonly int _count;

    internal NativeStrings(IReadOnlyList<string> strings)
    {
        _count = strings.Count;
        _start = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++) _start[i] = Copy(strings[i]);
    }

    internal byte** Start => _start;

    internal static NativeStrings OfEnvironment(IReadOnlyDictionary<string, string> environment) =>
        new(environment.Select(pair => $"{pair.Key}={pair.Value}").ToArray());

    internal static byte* Copy(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* copy = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(copy, length));
        copy[length] = 0;
        return copy;
    }

    public void Dispose()
    {
        for (int i = 0; i < _count; i++) NativeMemory.Free(_start[i]);
        NativeMemory.Free(_start);
    }
}
