using System.Buffers.Text;
using System.Text;

namespace Sessiond.Vt;

/// <content>OSC strings.</content>
public sealed partial class Terminal
{
    /// <summary>Longest title kept, the rest is cut; no window shows more.</summary>
    public const int MaxTitleBytes = 1024;

    /// <summary>Longest OSC 7 URI kept; PATH_MAX, each byte percent-encoded, is 12 KiB, and real ones are below 1 KiB.</summary>
    private const int MaxCwdBytes = 4096;

    /// <summary>As in xterm.</summary>
    private const int MaxTitleStack = 10;

    private readonly List<(string? Icon, string? Title)> _titleStack = [];
    private readonly ColorTable _colors = new();
    private readonly SortedDictionary<int, int> _modifyKeys = [];
    private string _iconName = "";
    private string _cwdUri = "";

    private void TextDispatch(StringKind kind, ControlSequence s, ReadOnlySpan<byte> text, bool bell)
    {
        _lastGraphic = -1;
        switch (kind)
        {
            case StringKind.Osc:
                OscDispatch(text, bell);
                break;
            case StringKind.Dcs:
                DcsDispatch(s, text);
                break;
            case StringKind.Apc when IsGraphicsQuery(text):
                CoverQuery();
                break;
        }

        _openCoveredTo = 0;
    }

    private void OscDispatch(ReadOnlySpan<byte> text, bool bell)
    {
        if (!Utf8Parser.TryParse(text, out int number, out int consumed))
        {
            return;
        }

        text = text[consumed..];
        if (!text.IsEmpty && text[0] != ';')
        {
            return;
        }

        text = text.IsEmpty ? text : text[1..];
        switch (number)
        {
            case 0:
                SetIconName(text);
                SetTitle(text);
                break;
            case 1:
                SetIconName(text);
                break;
            case 2:
                SetTitle(text);
                break;
            case 7:
                SetCwd(text);
                break;
            case 8:
                SetLink(text);
                break;
            case 52:
                SetClipboard(text);
                break;
            case 133:
                ShellMark(text);
                break;
            case 21 or 22 or 50 or 60 or 61 or 99 when text.Contains((byte)'?') || number is 60 or 61:
            case 1337 when text.StartsWith("ReportCellSize"u8) || text.StartsWith("ReportVariable"u8)
                || text.StartsWith("RequestUpload"u8) || text.StartsWith("Capabilities"u8):
                CoverQuery();
                break;
            default:
                ColorOsc(number, text, bell);
                break;
        }
    }

    /// <summary>Text without controls, cut at a whole character, invalid bytes replaced.</summary>
    private static string Clean(ReadOnlySpan<byte> text, int maxBytes)
    {
        if (text.Length > maxBytes)
        {
            int end = maxBytes;
            while (end > 0 && (text[end] & 0xC0) == 0x80)
            {
                end--;
            }

            text = text[..end];
        }

        string decoded = Encoding.UTF8.GetString(text);
        return decoded.AsSpan().ContainsAnyInRange('\0', '\u001F') || decoded.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
            ? string.Concat(decoded.Where(static c => !char.IsControl(c)))
            : decoded;
    }

    private void SetTitle(ReadOnlySpan<byte> text)
    {
        string title = Clean(text, MaxTitleBytes);
        if (title != Title)
        {
            Title = title;
            _host.TitleChanged();
        }
    }

    private void SetIconName(ReadOnlySpan<byte> text) => _iconName = Clean(text, MaxTitleBytes);

    /// <summary>XTWINOPS 22: 0 both, 1 icon name, 2 title.</summary>
    private void PushTitle(int which)
    {
        if (which > 2)
        {
            return;
        }

        if (_titleStack.Count == MaxTitleStack)
        {
            _titleStack.RemoveAt(0);
        }

        _titleStack.Add((which == 2 ? null : _iconName, which == 1 ? null : Title));
    }

    private void PopTitle(int which)
    {
        if (which > 2 || _titleStack.Count == 0)
        {
            return;
        }

        (string? icon, string? title) = _titleStack[^1];
        _titleStack.RemoveAt(_titleStack.Count - 1);
        _iconName = which != 2 && icon is not null ? icon : _iconName;
        if (which != 1 && title is not null && title != Title)
        {
            Title = title;
            _host.TitleChanged();
        }
    }

    /// <summary>OSC 7 ; file://host/path, percent-encoded.</summary>
    private void SetCwd(ReadOnlySpan<byte> text)
    {
        string uri = text.Length > MaxCwdBytes ? "" : Clean(text, MaxCwdBytes);
        if (uri == _cwdUri)
        {
            return;
        }

        _cwdUri = uri;
        Cwd = null;
        const string scheme = "file://";
        if (uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && uri.IndexOf('/', scheme.Length) is > 0 and int slash)
        {
            Cwd = Clean(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri[slash..])), MaxCwdBytes);
        }

        _host.CwdChanged();
    }

    /// <summary>OSC 8 ; params ; URI, where params is a list key=value separated by colons; only "id" is known.</summary>
    private void SetLink(ReadOnlySpan<byte> text)
    {
        int separator = text.IndexOf((byte)';');
        if (separator < 0)
        {
            return;
        }

        ReadOnlySpan<byte> id = default;
        foreach (Range range in text[..separator].Split((byte)':'))
        {
            ReadOnlySpan<byte> pair = text[range];
            id = pair.StartsWith("id="u8) ? pair[3..] : id;
        }

        if (_links.IsDue)
        {
            Reclaim();
        }

        ReadOnlySpan<byte> uri = text[(separator + 1)..];
        _pen.Link = uri.ContainsAnyInRange((byte)0, (byte)0x1F) ? 0 : _links.Intern(id, uri);
        PenChanged();
    }

    /// <summary>OSC 52 ; selection ; base64 or "?". Reading is refused: the clipboard is the user's.</summary>
    private void SetClipboard(ReadOnlySpan<byte> text)
    {
        int separator = text.IndexOf((byte)';');
        ReadOnlySpan<byte> data = separator < 0 ? default : text[(separator + 1)..];
        if (data.SequenceEqual("?"u8))
        {
            CoverQuery();
            return;
        }

        Cover(StreamRangeKind.ControllerOnly, dispatching: true);
        if (separator >= 0)
        {
            _host.ClipboardWrite(text[..separator], data);
        }
    }

    /// <summary>OSC 133, the marks of a shell's integration (FinalTerm).</summary>
    private void ShellMark(ReadOnlySpan<byte> text)
    {
        switch (text.IsEmpty ? 0 : text[0])
        {
            case (byte)'A':
                _screen.RowAt(_row).Prompt = true;
                _host.PromptStarted();
                break;
            case (byte)'C':
                _host.CommandStarted();
                break;
            case (byte)'D':
                bool told = Utf8Parser.TryParse(text[Math.Min(2, text.Length)..], out int code, out _);
                _host.CommandEnded(told ? code : null);
                break;
        }
    }
}
