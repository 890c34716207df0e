using System.Globalization;
using System.Text;
using Sessiond.Cli.Client;
using Sessiond.Pty;

namespace Sessiond.Cli.Attach;

/// <summary>The path and query of an attach request.</summary>
internal static class AttachPath
{
    /// <summary>The first time.</summary>
    public static string First(AttachOptions options, TtySize? size)
    {
        StringBuilder path = Start(options, options.Takeover, size);
        if (options.Scrollback is { } lines) path.Append(CultureInfo.InvariantCulture, $"&scrollback={lines}");
        return path.ToString();
    }

    /// <summary>After a cut: goes on where the terminal is, brings no scrollback again and takes control from nobody.</summary>
    public static string Again(AttachOptions options, TtySize? size, AttachPosition position)
    {
        StringBuilder path = Start(options, takeover: false, size).Append("&scrollback=0");
        if (position is { Epoch: { } epoch, Offset: { } offset })
        {
            path.Append(CultureInfo.InvariantCulture, $"&since={Uri.EscapeDataString(epoch)}:{offset}");
        }

        if (position.Attachment is { } attachment) path.Append("&resume=").Append(Uri.EscapeDataString(attachment));
        return path.ToString();
    }

    private static StringBuilder Start(AttachOptions options, bool takeover, TtySize? size)
    {
        var path = new StringBuilder(SessionPath.Of(options.Name, "attach"));
        path.Append(options.Observe ? "?mode=observe" : "?mode=control").Append(takeover ? "&takeover=1" : "&takeover=0");
        if (size is { } known) path.Append(CultureInfo.InvariantCulture, $"&cols={known.Cols}&rows={known.Rows}");
        if (size is { XPixel: > 0, YPixel: > 0 } pixels) path.Append(CultureInfo.InvariantCulture, $"&xpixel={pixels.XPixel}&ypixel={pixels.YPixel}");

        // What the user's terminal had in its scrollback stays there.
        return path.Append("&history=keep");
    }
}
