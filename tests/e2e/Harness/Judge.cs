using Sessiond.Terminal.Tests;
using Sessiond.Vt;

namespace Sessiond.E2e.Tests.Harness;

/// <summary>Terminals that are fed what a client was sent, and tell what they show; both in the same words.</summary>
internal static class Judge
{
    private const int Scrollback = 20_000;

    /// <summary>This repository's engine, in the test.</summary>
    internal static Vt.Terminal Fresh(int columns, int rows) =>
        new(new TerminalOptions { Columns = columns, Rows = rows, ScrollbackLines = Scrollback }, new RecordingHost());

    /// <summary>What the engine shows after some output.</summary>
    internal static string Engine(byte[] output, int columns, int rows)
    {
        Vt.Terminal terminal = Fresh(columns, rows);
        terminal.Feed(output);
        return terminal.DescribeForComparison();
    }

    /// <summary>A terminal of @xterm/headless that is fed some output.</summary>
    internal static XtermJob Reference(byte[] output, int columns, int rows) => new XtermJob(columns, rows, Scrollback).Feed(output);

    /// <summary>Fails, and shows the lines that differ.</summary>
    internal static void Same(string expected, string actual, string what)
    {
        if (StateAssert.Difference(expected, actual) is { } difference) Assert.Fail($"{what}: - expected, + shown\n{difference[..Math.Min(difference.Length, 4000)]}");
    }
}
