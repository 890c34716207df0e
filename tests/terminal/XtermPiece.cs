using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>
/// A piece of a stream. Where @xterm/headless does not know a sequence, it is told the same in sequences which it knows; else both are
/// fed the same bytes.
/// </summary>
internal readonly record struct XtermPiece(byte[] Ours, byte[] Theirs)
{
    public static XtermPiece Same(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new XtermPiece(bytes, bytes);
    }

    public static XtermPiece Told(string ours, string theirs) => new(Encoding.UTF8.GetBytes(ours), Encoding.UTF8.GetBytes(theirs));
}
