using Sessiond.Spec.Api;

namespace Sessiond.Cli.Output;

/// <summary>Words for a session's facts, short enough for a table.</summary>
internal static class SessionText
{
    /// <summary>Its state, with how its program ended.</summary>
    public static string State(SessionObject session)
    {
        if (session.State == SessionStates.Stopped && session.ExitSignal is not null) return $"{session.State} ({session.ExitSignal})";
        if (session.State == SessionStates.Stopped && session.ExitCode is not null) return $"{session.State} ({session.ExitCode})";
        return session.Reason is null ? session.State : $"{session.State}: {session.Reason}";
    }

    /// <summary>Who is attached.</summary>
    public static string Attached(SessionObject session)
    {
        string observers = session.Observers > 0 ? $"+{session.Observers}" : "";
        if (session.Controller is not null) return session.Controller + observers;
        if (observers.Length > 0) return observers;
        return session.Attached ? "yes" : "-";
    }

    /// <summary>The session on one line.</summary>
    public static string Line(SessionObject session, DateTimeOffset now)
    {
        string title = string.IsNullOrEmpty(session.Title) ? "" : $"  {session.Title}";
        string attached = session.Attached ? $", attached: {Attached(session)}" : "";
        return $"{session.Name}  ({State(session)}, {Age(now - session.CreatedAt)}{attached}){title}";
    }

    /// <summary>A time span in its largest unit.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(int)age.TotalDays}d",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours}h",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes}m",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)}s",
    };
}
