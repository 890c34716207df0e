namespace Sessiond.E2e.Tests.Harness;

/// <summary>A start that stands still while the environment is probed, until the test lets it go on.</summary>
internal sealed class SlowProbe : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes the shell: as a login shell it waits, and sets <c>FOUND</c>.</summary>
    internal SlowProbe()
    {
        File.WriteAllText(Shell, $"#!/bin/sh\nif [ \"$1\" = -lc ]; then until [ -e {Go} ]; do sleep 0.02; done; export FOUND='by the probe'; fi\nexec /bin/sh \"$@\"\n");
        File.SetUnixFileMode(Shell, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>A table of the spec.</summary>
    internal string Spec => $"[defaults]\nshell = \"{Shell}\"\nenv_probe = \"login\"\n";

    private string Shell => Path.Combine(_folder.Path, "shell");

    private string Go => Path.Combine(_folder.Path, "go");

    internal void GoOn() => File.WriteAllText(Go, "");

    public void Dispose() => _folder.Dispose();
}
