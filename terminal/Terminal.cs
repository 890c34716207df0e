namespace Sessiond.Vt;

/// <summary>
/// A terminal as a program sees it: it is fed what the program prints, keeps the screens, modes and scrollback, answers
/// queries, and can write itself as a snapshot. Not thread-safe: one caller at a time.
/// </summary>
public sealed partial class Terminal
{
    /// <summary>Most columns or rows; larger sizes are clamped (docs/invariants.md, I11).</summary>
    public const int MaxSize = 1000;

    private ITerminalHost _host;
    private readonly Parser<Handler> _parser;
    private readonly StyleTable _styles = new();
    private readonly GraphemeTable _graphemes = new();
    private readonly LinkTable _links = new();
    private readonly RowCodec _codec;
    private readonly Scrollback _scrollback;
    private readonly string _version;
    private readonly Screen _primary;
    private Screen? _alternate;
    private Screen _screen;
    private TerminalProfile _profile = new();

    /// <summary>Makes a terminal in its reset state.</summary>
    /// <param name="options">Size and limits.</param>
    /// <param name="host">Told about replies and changes.</param>
    public Terminal(TerminalOptions options, ITerminalHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _version = options.Version;
        _codec = new RowCodec(_styles, _graphemes, _links);
        _scrollback = new Scrollback(_codec, Math.Max(0, options.ScrollbackLines), Math.Max(0, options.ScrollbackBytes), options.ScrollbackMemory);
        _primary = new Screen(Clamp(options.Columns), Clamp(options.Rows), _codec);
        _screen = _primary;
        _parser = new Parser<Handler>(new Handler(this), options.StartOffset);
        _tabStops = new TabStops(Columns);
        ResetState();
    }

    /// <summary>Width in cells.</summary>
    public int Columns => _primary.Columns;

    /// <summary>Height in cells.</summary>
    public int Rows => _primary.Rows;

    /// <summary>Window title, at most <see cref="MaxTitleBytes"/> of UTF-8, without control characters.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Folder of the program as OSC 7 told it, decoded; null when it never did.</summary>
    public string? Cwd { get; private set; }

    /// <summary>The alternate screen is shown.</summary>
    public bool AlternateScreen => _screen != _primary;

    /// <summary>Position after the last byte fed.</summary>
    public long Offset => _parser.Offset;

    /// <summary>
    /// All bytes below may be sent to attachments: the parser is at rest there, or in a string of more than 4 KiB.
    /// </summary>
    public long PublishOffset => _parser.RestOffset;

    /// <summary>Rows of scrollback now held.</summary>
    public int ScrollbackCount => _scrollback.Count;

    /// <summary>What the controller's terminal looks like.</summary>
    public TerminalProfile Profile => _profile;

    /// <summary>Takes bytes that the program printed, and acts on them.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _parser.Feed(bytes);
        CoverOpenString();
    }

    /// <summary>Tells what the controller's terminal looks like; it stays when the controller leaves.</summary>
    public void SetProfile(TerminalProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        bool wasDark = IsDark;
        bool resized = profile.PixelWidth != _profile.PixelWidth || profile.PixelHeight != _profile.PixelHeight;
        _profile = profile;
        if (wasDark != IsDark && Is(Mode.ColorSchemeReports))
        {
            ReplyColorScheme();
        }

        if (resized && Is(Mode.InBandResize))
        {
            ReplyInBandSize();
        }
    }

    /// <summary>Bytes that the engine holds for cells, scrollback and strings, for tests and metrics.</summary>
    public long AllocatedBytes() =>
        _primary.AllocatedBytes() + (_alternate?.AllocatedBytes() ?? 0) + _scrollback.AllocatedBytes;

    internal static int Clamp(int size) => Math.Clamp(size, 1, MaxSize);

    private void Reclaim()
    {
        if (_styles.IsDue || _links.IsDue)
        {
            _styles.BeginMark();
            _primary.MarkStyles(_styles);
            _alternate?.MarkStyles(_styles);
            _styles.EndMark(_links);
            _codec.ForgetStyles();
            _renditions.Clear();
            foreach (int link in LinksOfPens())
            {
                _links.Mark(link);
            }

            _links.EndMark();
            _penChanged = true;
            _eraseCellKnown = false;
        }

        if (_graphemes.IsDue)
        {
            _graphemes.BeginMark();
            _primary.MarkGraphemes(_graphemes);
            _alternate?.MarkGraphemes(_graphemes);
            _graphemes.EndMark();
        }
    }

    /// <summary>Links of pens that are no cell's style yet.</summary>
    private IEnumerable<int> LinksOfPens()
    {
        yield return _pen.Link;
        yield return _primary.Saved.Pen.Link;
        if (_alternate is not null)
        {
            yield return _alternate.Saved.Pen.Link;
        }
    }

    /// <summary>Gives the parser's findings to the terminal; a struct, so that the calls are direct.</summary>
    private readonly struct Handler(Terminal terminal) : IParserHandler
    {
        public void PrintAscii(ReadOnlySpan<byte> text) => terminal.PrintAscii(text);

        public int PrintUtf8(ReadOnlySpan<byte> bytes) => terminal.PrintUtf8(bytes);

        public void PrintWide(ReadOnlySpan<int> codePoints) => terminal.PrintCodePoints(codePoints);

        public void Execute(byte control)
        {
            terminal.Execute(control);
            terminal.SettlePendingWrap();
        }

        public void EscDispatch(ControlSequence sequence)
        {
            terminal.EscDispatch(sequence);
            terminal.SettlePendingWrap();
        }

        public int TrySelectRendition(ReadOnlySpan<byte> bytes) => terminal.TrySelectRendition(bytes);

        public void CsiDispatch(ControlSequence sequence)
        {
            terminal.CsiDispatch(sequence);
            terminal.SettlePendingWrap();
        }

        public void TextDispatch(StringKind kind, ControlSequence sequence, ReadOnlySpan<byte> text, bool endedByBell) =>
            terminal.TextDispatch(kind, sequence, text, endedByBell);
    }
}
