using System.Text;

namespace Sessiond.Vt;

/// <summary>Hyperlinks (OSC 8) in use, each once, bounded in number of bytes.</summary>
internal sealed class LinkTable
{
    /// <summary>Longest URI and id kept; longer ones are shown as plain text. VTE and kitty keep 2083 bytes of URI.</summary>
    public const int MaxLinkBytes = 4096;

    /// <summary>Bytes of all links that cells of the screens use: 8 KB each for 512 of them, or 40,000 usual ones.</summary>
    private const int MaxTotalBytes = 4 << 20;

    private readonly List<Link?> _links = [null];
    private readonly Dictionary<Link, int> _numbers = [];
    private readonly Stack<int> _free = [];
    private HashSet<int> _marked = [];
    private int _bytes;

    /// <summary>True when new links would be refused until a reclaim frees some.</summary>
    public bool IsDue => _bytes >= MaxTotalBytes;

    public Link this[int number] => _links[number]!;

    /// <summary>The number of this link, or 0 when it is too long or the table is full.</summary>
    public int Intern(ReadOnlySpan<byte> id, ReadOnlySpan<byte> uri)
    {
        int size = id.Length + uri.Length;
        if (uri.IsEmpty || size > MaxLinkBytes)
        {
            return 0;
        }

        var link = new Link(Encoding.UTF8.GetString(id), Encoding.UTF8.GetString(uri));
        if (_numbers.TryGetValue(link, out int number))
        {
            return number;
        }

        if (_bytes + size > MaxTotalBytes)
        {
            return 0;
        }

        _bytes += size;
        if (_free.TryPop(out number))
        {
            _links[number] = link;
        }
        else
        {
            number = _links.Count;
            _links.Add(link);
        }

        _numbers.Add(link, number);
        return number;
    }

    public void BeginMark() => _marked = [];

    public void Mark(int number) => _marked.Add(number);

    public void EndMark()
    {
        for (int i = 1; i < _links.Count; i++)
        {
            if (_links[i] is { } link && !_marked.Contains(i))
            {
                _numbers.Remove(link);
                _bytes -= link.Id.Length + link.Uri.Length;
                _links[i] = null;
                _free.Push(i);
            }
        }

        _bytes = Math.Max(0, _bytes);
        _marked = [];
    }
}
