namespace Sessiond.Hooks;

/// <summary>Starts the processes of hooks, probes and clones. Whoever owns the processes of the machine implements it.</summary>
public interface IProcessStarter
{
    /// <summary>Starts a program whose standard output and error go to a sink. Blocks a few milliseconds; any thread.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="output">Takes output as it comes, also of background processes after the program's end. One call at a time; must not block.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    IStartedProcess Start(ProcessRequest request, Action<ReadOnlySpan<byte>> output);

    /// <summary>
    /// Finds a program that an earlier daemon started and that has outlived it, or whose end was kept. Completes at once but for one that is on its way to exec;
    /// with an <see cref="IOException"/> when that could not be executed. Null: none of that key ever ran.
    /// </summary>
    /// <param name="key">The request's <see cref="ProcessRequest.Key"/>.</param>
    /// <param name="output">Takes the output from here on.</param>
    Task<IStartedProcess>? Adopt(string key, Action<ReadOnlySpan<byte>> output);
}
