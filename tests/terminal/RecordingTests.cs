using System.Text;

namespace Sessiond.Terminal.Tests;

/// <summary>What real programs printed: shown as @xterm/headless shows it, and brought over by a snapshot at any position.</summary>
public sealed class RecordingTests(XtermReference reference)
{
    private const int Scrollback = 2000;

    /// <summary>Reads after which a recording is compared.</summary>
    private const int Views = 40;

    /// <summary>Positions at which a recording is interrupted by a snapshot; SESSIOND_CUTS for a long run by hand.</summary>
    private static readonly int _cuts = int.Parse(Environment.GetEnvironmentVariable("SESSIOND_CUTS") ?? "12");

    public static TheoryData<string> Names() => [.. Recording.Names];

    [Fact]
    public void There_are_recordings_of_the_programs_that_matter()
    {
        string[] programs = ["vim", "nvim", "htop", "mc", "less", "nano", "emacs", "git-log", "python", "man", "apt", "npm", "tmux", "cmatrix", "dialog", "fish", "zsh"];
        Assert.Empty(programs.Except(Recording.Names));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_looks_as_in_the_reference_all_along(string name)
    {
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        var recording = Recording.Read(name);
        int every = Math.Max(1, recording.Reads.Count / Views);
        var job = new XtermJob(recording.Columns, recording.Rows, Scrollback);
        Vt.Terminal terminal = TestTerminals.Fresh(recording.Columns, recording.Rows, scrollback: Scrollback);
        var ours = new StringBuilder();
        for (int i = 0; i < recording.Reads.Count; i++)
        {
            job.Feed(XtermDialect.Translate(recording.Reads[i]));
            terminal.Feed(recording.Reads[i]);
            if (i % every == 0)
            {
                job.Show();
                ours.Append(terminal.DescribeForComparison());
            }
        }

        ours.Append(terminal.DescribeForComparison());
        AssertSame(reference.Show(job), ours.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_goes_on_after_a_snapshot_into_any_terminal(string name)
    {
        var recording = Recording.Read(name);
        byte[] stream = recording.Whole();
        Assert.Null(RoundTrip.Check(stream, recording.Columns, recording.Rows, seed: name.Length, _cuts));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recording_goes_on_after_a_snapshot_into_the_reference(string name)
    {
        Assert.SkipUnless(XtermReference.IsInstalled, "run `npm ci` in tests/terminal/xterm");
        var recording = Recording.Read(name);
        byte[] stream = recording.Whole();
        var random = new Random(name.Length);
        for (int i = 0; i < _cuts; i++)
        {
            var job = new XtermJob(recording.Columns, recording.Rows, Scrollback);
            string ours = RoundTrip.IntoReference(stream, random.Next(stream.Length + 1), recording.Columns, recording.Rows, Scrollback, job);
            AssertSame(reference.Show(job), ours);
        }
    }

    private static void AssertSame(string theirs, string ours)
    {
        if (StateAssert.Difference(theirs, ours) is { } difference)
        {
            Assert.Fail("- @xterm/headless, + sessiond\n" + difference[..Math.Min(difference.Length, 4000)]);
        }
    }
}
