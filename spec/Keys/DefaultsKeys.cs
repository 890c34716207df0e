using Sessiond.Spec.Decoding;

namespace Sessiond.Spec.Keys;

/// <summary><c>[defaults]</c>, and the types of the keys that a session may say otherwise.</summary>
internal static class DefaultsKeys
{
    /// <summary>Lines of scrollback that may be asked for; the cap in bytes bounds the memory.</summary>
    private const int MaxScrollback = 10_000_000;

    /// <summary>Scrollback of one session in memory; more is the job of a log file.</summary>
    private const long MaxScrollbackBytes = 1L << 30;

    public static readonly SpecType<int> Scrollback = SpecTypes.Integer(0, MaxScrollback);

    public static readonly SpecType<long> ScrollbackBytes = UnitTypes.Size
        .Checked(bytes => bytes > MaxScrollbackBytes ? $"at most {ByteSize.Format(MaxScrollbackBytes)}" : null);

    public static readonly SpecType<OnExit> OnExit = SpecTypes.OneOf(
        ("hold", Spec.OnExit.Hold), ("restart-shell", Spec.OnExit.RestartShell), ("remove", Spec.OnExit.Remove));

    /// <summary>Names of terminfo(5) entries; they become a path.</summary>
    public static readonly SpecType<string> Term = SpecTypes.Word
        .Checked(term => term.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '.') ? null : $"\"{SpecText.Printable(term)}\" is not a terminal type");

    private static readonly SpecType<EnvProbe> EnvProbe = SpecTypes.OneOf(
        ("none", Spec.EnvProbe.None), ("login", Spec.EnvProbe.Login), ("interactive", Spec.EnvProbe.Interactive), ("login-interactive", Spec.EnvProbe.LoginInteractive));

    public static readonly SpecTable<DefaultsSpec> Defaults = new SpecTable<DefaultsSpec>("defaults", "Inherited by every session.")
        .Key("shell", NameTypes.Path, "(the user's login shell)", "Shell of a session without command.", (defaults, path) => defaults with { Shell = path })
        .Key("login", SpecTypes.Flag, "true", "Whether that shell is a login shell.", (defaults, flag) => defaults with { Login = flag })
        .Key("user", NameTypes.Account, "(the daemon's own user)", "User of sessions, hooks, probes and git.", (defaults, user) => defaults with { User = user })
        .Key("env_probe", EnvProbe, "\"none\"", "Which shell's environment is taken over (devcontainer userEnvProbe, 10 s at most).", (defaults, probe) => defaults with { EnvProbe = probe })
        .Key("term", Term, "\"xterm-256color\"", "TERM; COLORTERM=truecolor goes with it.", (defaults, term) => defaults with { Term = term })
        .Key("size", UnitTypes.TerminalSize, "[80, 24]", "Columns and rows while nobody ever attached.", (defaults, size) => defaults with { Size = size })
        .Key("scrollback", Scrollback, "10000", "Lines of scrollback.", (defaults, lines) => defaults with { Scrollback = lines })
        .Key("scrollback_bytes", ScrollbackBytes, "\"16MiB\"", "And a hard cap.", (defaults, bytes) => defaults with { ScrollbackBytes = bytes })
        .Key("on_exit", OnExit, "\"hold\"", "When the program ends by itself: stay listed, start a shell, or go.", (defaults, action) => defaults with { OnExit = action })
        .Key("stop_signal", UnitTypes.Signal, "\"HUP\"", "First signal of a stop.", (defaults, signal) => defaults with { StopSignal = signal })
        .Key("stop_timeout", UnitTypes.Duration, "\"10s\"", "Grace before SIGKILL.", (defaults, time) => defaults with { StopTimeout = time });
}
