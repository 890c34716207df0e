using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sessiond.Vt;

/// <content>Which process group set the modes that a dead program must not leave behind (docs/invariants.md, I5).</content>
public sealed partial class Terminal
{
    /// <summary>Key of the owner of XTMODKEYS in <see cref="_modeOwners"/>, where the others are modes' numbers.</summary>
    private const int ModifyKeysOwner = -4;

    /// <summary>Largest resource of XTMODKEYS that xterm knows is 7.</summary>
    private const int MaxModifyKeysResource = 7;

    private readonly SortedDictionary<int, int> _modeOwners = [];
    private int _foregroundGroup;

    /// <summary>
    /// The foreground process group of the pty. Set before <see cref="Feed"/>; modes that these bytes set belong to it.
    /// </summary>
    public int ForegroundGroup
    {
        get => _foregroundGroup;
        set => _foregroundGroup = value;
    }

    /// <summary>The process groups that set modes which are still armed.</summary>
    public IReadOnlyCollection<int> ModeOwners
    {
        get
        {
            var owners = new SortedSet<int>();
            foreach ((int number, int owner) in _modeOwners)
            {
                if (IsArmed(number))
                {
                    owners.Add(owner);
                }
            }

            AddKeyboardOwner(owners, _primary);
            AddKeyboardOwner(owners, _alternate);
            return owners;
        }
    }

    /// <summary>
    /// Writes the sequences that turn off what these process groups armed and left: mouse, focus events, bracketed
    /// paste, keyboard modes, a hidden cursor, the alternate screen. Nothing changes until they are fed.
    /// </summary>
    /// <returns>True when anything was written.</returns>
    public bool WriteDisarming(ReadOnlySpan<int> goneGroups, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder();
        bool leaves = false;
        foreach ((int number, int owner) in _modeOwners)
        {
            if (!goneGroups.Contains(owner) || !IsArmed(number))
            {
                continue;
            }

            if (number == 1049)
            {
                leaves = true;
            }
            else
            {
                text.Append(DisarmingOf(number));
            }
        }

        AppendPops(text, _screen.Keyboard, goneGroups);
        if (leaves)
        {
            text.Append("\e[?1049l");
            AppendPops(text, _primary.Keyboard, goneGroups);
        }

        if (text.Length == 0)
        {
            return false;
        }

        output.Write(Encoding.ASCII.GetBytes(text.ToString()));
        return true;
    }

    private static string DisarmingOf(int number) => number switch
    {
        ModifyKeysOwner => "\e[>4m",
        25 => "\e[?25h",
        66 => "\e>",
        _ => string.Create(CultureInfo.InvariantCulture, $"\e[?{number}l"),
    };

    /// <summary>The mode differs from what a shell expects.</summary>
    private bool IsArmed(int number) => number switch
    {
        ModifyKeysOwner => _modifyKeys.Count > 0,
        25 => !Is(Mode.CursorVisible),
        1049 => AlternateScreen,
        _ => ModeState(number, isPrivate: true) == 1,
    };

    private static void AddKeyboardOwner(SortedSet<int> owners, Screen? screen)
    {
        if (screen is { Keyboard: { IsDefault: false } keyboard })
        {
            owners.Add(keyboard.Owner);
        }
    }

    private static void AppendPops(StringBuilder text, KeyboardStack keyboard, ReadOnlySpan<int> groups)
    {
        int count = keyboard.CountOwnedBy(groups);
        if (count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[<{count}u");
        }
        else if (keyboard.Depth == 0 && keyboard.Flags != 0 && groups.Contains(keyboard.Owner))
        {
            text.Append("\e[=0u");
        }
    }
}
