using System.Text.RegularExpressions;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>What is left on at the end of what was written to a terminal: DECSET and DECRST in their order.</summary>
internal static partial class DecModes
{
    /// <summary>DECNKM, which DECKPNM (ESC >) resets too.</summary>
    private const int ApplicationKeypad = 66;

    /// <summary>The modes that were set last, among those that trouble a shell: mouse, focus, paste, alternate screen, application cursor keys.</summary>
    internal static IReadOnlyList<int> LeftOn(string written)
    {
        var on = new SortedSet<int>();
        foreach (Match match in Sequence().Matches(written))
        {
            if (match.Value == "\e>") on.Remove(ApplicationKeypad);
            foreach (string number in match.Groups[1].Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                int mode = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
                if (match.Groups[2].Value == "h") on.Add(mode);
                else on.Remove(mode);
            }
        }

        // Autowrap (7), autorepeat (8) and the cursor (25) belong on.
        on.ExceptWith([7, 8, 25]);
        return [.. on];
    }

    [GeneratedRegex(@"\x1b\[\?([0-9;]+)([hl])|\x1b>")]
    private static partial Regex Sequence();
}
