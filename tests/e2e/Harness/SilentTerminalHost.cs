using Sessiond.Vt;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>What an engine of the tests' own is told is of no interest.</summary>
internal sealed class SilentTerminalHost : ITerminalHost
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
