using System.Buffers;
using System.Text;
using Sessiond.Daemon.Lifecycle;
using Sessiond.Holder;
using Sessiond.Pty;
using Sessiond.Spec.Api;
using Sessiond.Vt;

namespace Sessiond.Daemon.Sessions;

/// <summary>The session over a restart of the container: its screen and scrollback, and how its program ended.</summary>
internal sealed partial class Session
{
    /// <summary>Lines of scrollback that are kept at most.</summary>
    private const int SavedLines = 1000;

    private DateTimeOffset? _restoredAt; // under the gate; when the screen was saved that this session began with

    /// <summary>What is to be kept. Any thread but the loop's.</summary>
    internal (SavedSession Record, byte[] Screen) Save()
    {
        SavedSession? record = null;
        var screen = new ArrayBufferWriter<byte>(16 * 1024);
        WithTerminal(terminal =>
        {
            int lines = SavedLines;
            do
            {
                screen.ResetWrittenCount();
                terminal.WriteSnapshot(screen, new SnapshotOptions { ScrollbackLines = lines });
                lines /= 4;
            }
            while (screen.WrittenCount > ScreenStore.MaxScreen && lines > 0);
            record = new SavedSession
            {
                Name = _definition.Name,
                SavedAt = _services.Time.GetUtcNow(),
                Columns = terminal.Columns,
                Rows = terminal.Rows,
                Request = _definition.Request?.Body is { } body ? Encoding.UTF8.GetString(body) : null,
                FolderName = _definition.FolderName,
                Owner = _definition.Owner,
                OwnVariables = _definition.Request is null ? null : _ownVariables,
                OwnSecrets = _definition.Request is null ? null : _ownSecrets,
                ExitCode = _ended?.Code,
                ExitSignal = _ended?.Signal,
                ExitedAt = _exitedAt,
            };
        });
        // A screen of a thousand columns full of colours: the next start begins with an empty one.
        byte[] kept = screen.WrittenCount > ScreenStore.MaxScreen ? [] : screen.WrittenSpan.ToArray();
        _services.Logs.Mask.Apply(kept);
        return (record!, kept);
    }

    /// <summary>Begins with a screen that was saved, before anything is started. Any thread.</summary>
    /// <param name="saved">What was kept.</param>
    /// <param name="screen">The screen.</param>
    /// <param name="startsAgain">Its program is about to start: the modes of the old one go, and a line says where the new one begins.</param>
    internal void Restore(SavedSession saved, byte[] screen, bool startsAgain)
    {
        using (Enter())
        {
            _restoredAt = saved.SavedAt;
            _ownVariables = saved.OwnVariables ?? _ownVariables;
            _ownSecrets = saved.OwnSecrets ?? _ownSecrets;
            if (!startsAgain)
            {
                SetState(SessionStates.Stopped, $"restored: its screen of {saved.SavedAt:yyyy-MM-ddTHH:mm:ssZ}, before the container was started again");
                _exitedAt = saved.ExitedAt;
                if (saved.Request is not null && (saved.ExitCode is not null || saved.ExitSignal is not null)) _ended = new ExitStatus(saved.ExitCode, saved.ExitSignal);
            }
        }

        Post(() =>
        {
            // Nobody's process: whatever these modes belonged to is gone.
            _foregroundGroup = int.MaxValue;
            Append(screen);
            if (!startsAgain) return;
            DisarmForNewRun();
            Append(Encoding.UTF8.GetBytes($"\r\n\x1b[0;2m[restored: above is the screen of {saved.SavedAt:yyyy-MM-dd HH:mm} UTC]\x1b[0m\r\n"));
        });
    }

    /// <summary>Adds bytes of ours to the stream. Loop's thread.</summary>
    private void Append(ReadOnlySpan<byte> bytes)
    {
        int total = bytes.Length;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, Journal.MaxWrite);
            _journal.Append(bytes[..count]);
            bytes = bytes[count..];
        }

        if (total > 0) OnOutput(total);
    }
}
