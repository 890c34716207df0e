using System.IO.Pipes;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>The ends of pipes that children get.</summary>
internal static class PipeEnds
{
    /// <summary>The child's end; it has one owner, who closes it once the child has its own.</summary>
    internal static SafeFd TakeClientEnd(this AnonymousPipeServerStream pipe)
    {
        var end = new SafeFd((int)pipe.ClientSafePipeHandle.DangerousGetHandle());
        pipe.ClientSafePipeHandle.SetHandleAsInvalid();
        return end;
    }
}
