using System.Text;
using Sessiond.Vt;

namespace Sessiond.Terminal.Tests;

/// <summary>Keeps what a terminal told.</summary>
internal sealed class RecordingHost : ITerminalHost
{
    private readonly StringBuilder _replies = new();

    public string Replies => _replies.ToString();

    public List<string> Events { get; } = [];

    public void ClearReplies() => _replies.Clear();

    public void Reply(ReadOnlySpan<byte> bytes) => _replies.Append(Encoding.Latin1.GetString(bytes));

    public void TitleChanged() => Events.Add("title");

    public void CwdChanged() => Events.Add("cwd");

    public void Bell() => Events.Add("bell");

    public void PromptStarted() => Events.Add("prompt");

    public void CommandStarted() => Events.Add("command");

    public void CommandEnded(int? exitCode) => Events.Add($"ended {exitCode?.ToString() ?? "-"}");

    public void ClipboardWrite(ReadOnlySpan<byte> selection, ReadOnlySpan<byte> base64) =>
        Events.Add($"clipboard {Encoding.ASCII.GetString(selection)} {base64.Length}");
}
