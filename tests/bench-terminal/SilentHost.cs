using Sessiond.Vt;

namespace Sessiond.Terminal.Benchmarks;

/// <summary>Drops everything.</summary>
internal sealed class SilentHost : ITerminalHost
{
    public void Reply(ReadOnlySpan<byte> bytes)
    {
    }

    public void TitleChanged()
    {
    }

    public void CwdChanged()
    {
    }

    public void Bell()
    {
    }

    public void PromptStarted()
    {
    }

    public void CommandStarted()
    {
    }

    public void CommandEnded(int? exitCode)
    {
    }

    public void ClipboardWrite(ReadOnlySpan<byte> selection, ReadOnlySpan<byte> base64)
    {
    }
}
