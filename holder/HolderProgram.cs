using Sessiond.Pty;

namespace Sessiond.Holder;

/// <summary>What <c>sessiond serve</c> runs: the holder, and below it the daemon with the same arguments.</summary>
public static class HolderProgram
{
    /// <summary>First argument of a binary that is asked whether it could take over as holder: it reads the state in descriptor 3 and says nothing.</summary>
    public const string CheckVerb = "__holder-check";

    /// <summary>Names the descriptor of the state that the holder before this one left, in its environment.</summary>
    internal const string StateVariable = "SESSIOND_HOLDER_STATE";

    /// <summary>Set in the environment of the second start with blocked signals, so that there is no third.</summary>
    private const string BlockedVariable = "SESSIOND_HOLDER_BLOCKED";

    /// <summary>Every signal whose default action would end or that is taken as a descriptor; what stops a job stays with the terminal.</summary>
    private static readonly int[] Signals =
    [
        SignalNames.HangUp, SignalNames.Interrupt, SignalNames.Quit, SignalNames.User1, SignalNames.User2, SignalNames.Alarm, SignalNames.Terminate, SignalNames.Child,
    ];

    /// <summary>Runs until everything has ended; returns the exit code.</summary>
    /// <param name="arguments">Arguments after <c>serve</c>; they are the daemon's.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> environment = OwnEnvironment.Read();
        // An inherited SIG_IGN of SIGCHLD would have the kernel reap by itself.
        ChildSignals.Restore();
        if (!SignalSource.TryBlockEverywhere(Signals) && environment.TryAdd(BlockedVariable, "1"))
        {
            throw new OsException("start again with blocked signals", ProgramImage.Replace("/proc/self/exe", ["sessiond", .. Environment.GetCommandLineArgs()[1..]], environment, []));
        }

        environment.Remove(BlockedVariable);
        IReadOnlyList<HolderMessage>? state = environment.Remove(StateVariable, out string? number) ? HolderState.Load(OpenFiles.Inherited(int.Parse(number))) : null;
        OpenFiles.KeepFromChildren();
        EndedChildren.BecomeSubreaper();
        using SignalSource signals = SignalSource.Open(Signals);
        return new Holder(arguments, environment, signals, state).Run();
    }

    /// <summary>In a child of the holder that is to be replaced: 0 when this binary understands the state.</summary>
    public static int Check()
    {
        try
        {
            _ = HolderState.Load(OpenFiles.Inherited(3));
            return 0;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return 1;
        }
    }
}
