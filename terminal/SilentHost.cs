namespace Sessiond.Vt;

/// <summary>Hears nothing: for a terminal that is being restored, whose past has been told already.</summary>
internal sealed class SilentHost : ITerminalHost
{
    public static readonly SilentHost Instance = new();

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
