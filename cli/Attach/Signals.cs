using System.Runtime.InteropServices;

namespace Sessiond.Cli.Attach;

/// <summary>The signals that an attach minds, while it lives.</summary>
internal sealed class Signals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="end">Told the name of a signal that is to end the attach.</param>
    /// <param name="resized">Called when the terminal has another size.</param>
    /// <param name="stop">Called to stop the process and return when it goes on.</param>
    public Signals(Action<string> end, Action resized, Action stop)
    {
        Ends(PosixSignal.SIGTERM, "SIGTERM");
        Ends(PosixSignal.SIGHUP, "SIGHUP");
        Ends(PosixSignal.SIGINT, "SIGINT");
        Ends(PosixSignal.SIGQUIT, "SIGQUIT");
        Add(PosixSignal.SIGWINCH, _ => resized());
        Add(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            stop();
        });
        // The runtime's own answer to it is the terminal as it was when the process began: no longer raw.
        Add(PosixSignal.SIGCONT, context => context.Cancel = true);

        void Ends(PosixSignal signal, string name) => Add(signal, context =>
        {
            context.Cancel = true;
            end(name);
        });
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Add(PosixSignal signal, Action<PosixSignalContext> handler) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, handler));
}
