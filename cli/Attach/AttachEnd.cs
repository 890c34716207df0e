using Sessiond.Cli.Client;
using Sessiond.Cli.Output;

namespace Sessiond.Cli.Attach;

/// <summary>Why an attachment ended, and what the user and the caller's script learn of it.</summary>
internal sealed record AttachEnd
{
    private AttachEnd(AttachEndKind kind) => Kind = kind;

    public AttachEndKind Kind { get; }

    /// <summary>Exit status of the program, or the exit code of a refusal.</summary>
    public int? Code { get; private init; }

    /// <summary>The signal that ended the program or this process, such as <c>SIGKILL</c>.</summary>
    public string? Signal { get; private init; }

    /// <summary>Who took over, or why the server refused.</summary>
    public string? Text { get; private init; }

    /// <summary>True when the client may come back by itself.</summary>
    public bool MayResume => Kind is AttachEndKind.Lost or AttachEndKind.Upgrading;

    public static AttachEnd Detached { get; } = new(AttachEndKind.Detached);

    public static AttachEnd Lost { get; } = new(AttachEndKind.Lost);

    public static AttachEnd Upgrading { get; } = new(AttachEndKind.Upgrading);

    public static AttachEnd Exited(int? code, string? signal) => new(AttachEndKind.Exited) { Code = code, Signal = signal };

    public static AttachEnd TakenOver(string? by) => new(AttachEndKind.TakenOver) { Text = by };

    public static AttachEnd Refused(int exitCode, string why) => new(AttachEndKind.Refused) { Code = exitCode, Text = why };

    public static AttachEnd Signalled(string signal) => new(AttachEndKind.Signalled) { Signal = signal };

    /// <summary>What the process returns.</summary>
    public int ToExitCode() => Kind switch
    {
        AttachEndKind.Detached => ExitCode.Done,
        AttachEndKind.Exited when Signal is not null => SignalNumbers.ExitCodeOf(Signal),
        AttachEndKind.Exited => Code ?? ExitCode.Failed,
        AttachEndKind.TakenOver => ExitCode.Busy,
        AttachEndKind.Refused => Code ?? ExitCode.Failed,
        AttachEndKind.Signalled => SignalNumbers.ExitCodeOf(Signal!),
        _ => ExitCode.NotReachable,
    };

    /// <summary>The one line that the user sees at the end.</summary>
    public string ToLine(string name)
    {
        string text = SafeText.Of(Text ?? "");
        return Kind switch
        {
            AttachEndKind.Detached or AttachEndKind.Signalled => $"[detached from {name}]",
            AttachEndKind.Exited when Signal is not null => $"[{name} ended: {SafeText.Of(Signal)}]",
            AttachEndKind.Exited when Code is not null => $"[{name} ended: exit {Code}]",
            AttachEndKind.Exited => $"[{name} ended]",
            AttachEndKind.TakenOver => text.Length == 0 ? $"[{name}: taken over]" : $"[taken over by {text}]",
            AttachEndKind.Refused => $"[{name}: {text}]",
            _ => $"[{name}: connection to the daemon lost]",
        };
    }
}
