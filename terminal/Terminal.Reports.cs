using System.Globalization;
using System.Text;

namespace Sessiond.Vt;

/// <content>
/// Queries. Those that docs/invariants.md, I4 lists are answered here and now; the others get no answer from anybody. Neither is
/// forwarded, so the range of each is covered.
/// </content>
public sealed partial class Terminal
{
    /// <summary>
    /// VT220 with colour (22) and clipboard (52): what the clients' terminals all can do, as they get the same bytes. No graphics.
    /// </summary>
    private const string PrimaryAttributes = "?62;22;52c";

    /// <summary>A VT220 whose version is above the ones for which vim leaves SGR mouse reports off.</summary>
    private const string SecondaryAttributes = ">1;380;0c";

    /// <summary>Pixels of a cell when the client did not tell: xterm.js's usual font.</summary>
    private const int UsualCellWidth = 9;
    private const int UsualCellHeight = 18;

    private int PixelWidth => _profile.PixelWidth > 0 ? _profile.PixelWidth : Columns * UsualCellWidth;

    private int PixelHeight => _profile.PixelHeight > 0 ? _profile.PixelHeight : Rows * UsualCellHeight;

    private bool IsDark
    {
        get
        {
            int color = (int)(_colors[ColorTable.Background] ?? (uint)_profile.Background);
            return (299 * (color >> 16 & 255)) + (587 * (color >> 8 & 255)) + (114 * (color & 255)) < 128_000;
        }
    }

    private void ReportCsi(ControlSequence s)
    {
        switch (s.Final)
        {
            case (byte)'c':
                // Any other parameter is the answer of a terminal that was echoed, not a query.
                if (s[0] == 0)
                {
                    ReplyPrimaryAttributes();
                }

                break;
            case (byte)'n':
                CoverQuery();
                ReportStatus(s[0]);
                break;
            case (byte)'x':
                CoverQuery();
                break;
            case (byte)'t':
                WindowOperation(s);
                break;
        }
    }

    private void ReplyPrimaryAttributes()
    {
        CoverQuery();
        ReplyCsi(PrimaryAttributes);
    }

    private void ReportStatus(int what)
    {
        if (what == 5)
        {
            ReplyCsi("0n");
        }
        else if (what == 6)
        {
            ReplyCsi(CursorReport() + "R");
        }
    }

    private string CursorReport()
    {
        bool origin = Is(Mode.Origin);
        return Invariant($"{_row + 1 - (origin ? _top : 0)};{_column + 1 - (origin ? _left : 0)}");
    }

    private void PrivateReport(ControlSequence s)
    {
        switch (s.Key)
        {
            case ('>' << 24) | 'c':
                CoverQuery();
                ReplyCsi(SecondaryAttributes);
                break;
            case ('=' << 24) | 'c':
                CoverQuery();
                ReplyString("P!|00000000");
                break;
            case ('>' << 24) | 'q':
                CoverQuery();
                ReplyString("P>|" + _version);
                break;
            case ('?' << 24) | 'u':
                CoverQuery();
                if (_profile.KittyKeyboard)
                {
                    ReplyCsi(Invariant($"?{_screen.Keyboard.Flags}u"));
                }

                break;
            case ('?' << 24) | 'n':
                CoverQuery();
                ReportPrivateStatus(s[0]);
                break;
            case ('?' << 24) | ('$' << 8) | 'p':
                CoverQuery();
                ReplyCsi(Invariant($"?{s[0]};{ModeState(s[0], isPrivate: true)}$y"));
                break;
            case ('?' << 24) | 'S':
            case ('?' << 24) | 'm':
            case ('?' << 24) | 'g':
                // XTSMGRAPHICS, XTQMODKEYS, XTQFMTKEYS: not answered
                CoverQuery();
                break;
        }
    }

    /// <summary>The DEC private status reports, each as a terminal without the device says it (VT420 manual, DSR).</summary>
    private void ReportPrivateStatus(int what)
    {
        switch (what)
        {
            case 6:
                ReplyCsi("?" + CursorReport() + "R");
                break;
            case 15:
                ReplyCsi("?13n");
                break;
            case 25:
                ReplyCsi("?21n");
                break;
            case 26:
                ReplyCsi("?27;1;0;0n");
                break;
            case 53 or 55:
                ReplyCsi("?53n");
                break;
            case 56:
                ReplyCsi("?57;0n");
                break;
            case 62:
                ReplyCsi("0*{");
                break;
            case 75:
                ReplyCsi("?70n");
                break;
            case 85:
                ReplyCsi("?83n");
                break;
            case 996:
                ReplyColorScheme();
                break;
        }
    }

    private void ReplyColorScheme() => ReplyCsi(IsDark ? "?997;1n" : "?997;2n");

    private void ReplyInBandSize() => ReplyCsi(Invariant($"48;{Rows};{Columns};{PixelHeight};{PixelWidth}t"));

    private void IntermediateReport(ControlSequence s)
    {
        switch (s.Key)
        {
            case ('$' << 8) | 'p':
                CoverQuery();
                ReplyCsi(Invariant($"{s[0]};{ModeState(s[0], isPrivate: false)}$y"));
                break;
            case ('*' << 8) | 'y':
                CoverQuery();
                ReportChecksum(s);
                break;
            case ('$' << 8) | 'w':
            case ('$' << 8) | 'u':
            case ('&' << 8) | 'u':
            case ('"' << 8) | 'v':
            case ('#' << 8) | 'R':
            case ('#' << 8) | '|':
                // DECRQPSR, DECRQTSR, DECRQUPSS, DECRQDE, XTREPORTCOLORS, XTREPORTSGR: not answered
                CoverQuery();
                break;
        }
    }

    /// <summary>XTWINOPS: sizes are answered, the title stack is kept, titles are never told (CVE-2003-0063).</summary>
    private void WindowOperation(ControlSequence s)
    {
        string? reply = s[0] switch
        {
            11 => "1t",
            13 => "3;0;0t",
            14 => Invariant($"4;{PixelHeight};{PixelWidth}t"),
            15 => Invariant($"5;{PixelHeight};{PixelWidth}t"),
            16 => Invariant($"6;{PixelHeight / Rows};{PixelWidth / Columns}t"),
            18 => Invariant($"8;{Rows};{Columns}t"),
            19 => Invariant($"9;{Rows};{Columns}t"),
            _ => null,
        };
        if (s[0] is >= 11 and <= 21)
        {
            CoverQuery();
        }

        if (reply is not null)
        {
            ReplyCsi(reply);
        }
        else if (s[0] == 22)
        {
            PushTitle(s[1]);
        }
        else if (s[0] == 23)
        {
            PopTitle(s[1]);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A report that starts with CSI.</summary>
    private void ReplyCsi(string body) => Reply(_eightBitReplies ? [0x9B] : "\e["u8, body, []);

    /// <summary>A report that is a string: <paramref name="body"/> starts with the byte after ESC.</summary>
    private void ReplyString(string body, bool bell = false)
    {
        if (_eightBitReplies)
        {
            Reply([(byte)(body[0] + 0x40)], body[1..], bell ? "\a"u8 : [0x9C]);
        }
        else
        {
            Reply("\e"u8, body, bell ? "\a"u8 : "\e\\"u8);
        }
    }

    private void Reply(ReadOnlySpan<byte> start, string body, ReadOnlySpan<byte> end)
    {
        Span<byte> reply = stackalloc byte[start.Length + body.Length + end.Length];
        start.CopyTo(reply);
        Encoding.ASCII.GetBytes(body, reply[start.Length..]);
        end.CopyTo(reply[(start.Length + body.Length)..]);
        _host.Reply(reply);
    }
}
