using System.Globalization;
using System.Runtime.InteropServices;
using Grains.Programs;

namespace Silo;

/// <summary>
/// Runs one program and lets nothing that it started outlive it, or outlive whoever started the guard. Processes that leave their parents
/// become the guard's children, so that none gets away. The guard obeys its standard input alone: the byte t sends SIGTERM to all of them,
/// and the end of the input kills them. A silo that is killed with -9 ends the input, too.
/// </summary>
internal sealed class ProgramGuard
{
    private const int Usage = GuardExit.NotStarted, Signalled = 128, Second = 1000, ForEver = -1, MostAtOnce = 1000;

    private readonly int _program;
    private readonly long _memory;
    private volatile bool _ending;
    private long _held;
    private int _code;

    private ProgramGuard(int program, long memory) => (_program, _memory) = (program, memory);

    /// <summary>Runs `--memory BYTES -- PROGRAM ARG…` to its end. 0 bytes are no limit.</summary>
    /// <returns>The program's exit code, 128 + the signal that ended it, or one of <see cref="GuardExit"/>.</returns>
    public static int Run(string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) return Refuse(GuardExit.NotStarted, "programs are run on Linux only.");
        if (arguments is not ["--memory", var bytes, "--", var program, ..] || !TryParse(bytes, out long memory))
            return Refuse(Usage, "the arguments are --memory BYTES -- PROGRAM ARG…");

        Posix.AdoptOrphans();
        // A terminal's Ctrl-C goes to a whole group of processes. The silo decides what it means for its programs.
        foreach (int signal in stackalloc[] { Posix.SigHup, Posix.SigInt, Posix.SigQuit, Posix.SigTerm }) Posix.Ignore(signal);
        int error = ChildProcess.Start(arguments.AsSpan(3), out int child);
        if (error == Posix.NoEntry) return Refuse(GuardExit.NotFound, $"{program} was not found.");
        if (error != 0)
            return Refuse(GuardExit.NotStarted, $"{program} could not be started: {Marshal.GetPInvokeErrorMessage(error)}.");

        var guard = new ProgramGuard(child, memory);
        new Thread(guard.Listen) { IsBackground = true }.Start();
        return guard.Wait();
    }

    /// <summary>Waits for all children. When there is none, nothing is left that the program started.</summary>
    private int Wait()
    {
        while (Bury(wait: true))
        {
            for (int more = 0; more < MostAtOnce && Bury(wait: false); more++)
            {
                // Looking for processes takes longer than burying them.
            }
            // What the ended ones had started is ours from now on.
            if (_ending) KillAll();
        }
        long held = Interlocked.Read(ref _held);
        return held == 0 ? _code
            : Refuse(GuardExit.OutOfMemory, $"the program and what it started held {held} bytes of memory, and {_memory} are allowed.");
    }

    /// <summary>Takes a child that has ended out of the system's list.</summary>
    /// <param name="wait">Whether to wait for the next end.</param>
    /// <returns>False when there is no child, or without waiting none that has ended.</returns>
    private bool Bury(bool wait)
    {
        int ended = Posix.WaitForAny(wait, out int status);
        if (ended == _program)
        {
            _code = (status & 0x7F) is var signal and not 0 ? Signalled + signal : (status >> 8) & 0xFF;
            _ending = true;
        }
        return ended > 0;
    }

    /// <summary>Does what standard input says, and looks at the memory every second.</summary>
    private void Listen()
    {
        int input = 0;
        Span<byte> said = stackalloc byte[64];
        while (true)
        {
            bool heard = Posix.WaitForInput(input, _ending || _memory > 0 ? Second : ForEver);
            if (heard)
            {
                int length = Posix.Read(input, said);
                if (length > 0 && said[..length].Contains((byte)'t')) SignalAll(Posix.SigTerm);
                if (length > 0) continue;
                input = Posix.Nothing;
                _ending = true;
            }
            if (!_ending && _memory > 0 && ProcessTree.Memory(_memory) is var held && held > _memory)
            {
                Interlocked.Exchange(ref _held, held);
                _ending = true;
            }
            if (_ending) KillAll();
        }
    }

    private static void KillAll() => SignalAll(Posix.SigKill);

    /// <summary>
    /// Signals whole groups of processes, as the kernel does at one stroke. Processes that only fork and end would be gone before each of
    /// them could be signalled. The program leads a session of its own, so that nobody else is in a group of what it started.
    /// </summary>
    private static void SignalAll(int signal)
    {
        int own = Posix.GroupOf(0);
        var groups = new HashSet<int>();
        foreach (int process in ProcessTree.Below())
        {
            // One that has ended meanwhile has no need of the signal, and its number may be somebody else's by now: so the group comes first, and
            // then the look whether the process is below this one still.
            if (Posix.GroupOf(process) is > 0 and var group && group != own && ProcessTree.IsBelow(process) && groups.Add(group))
                _ = Posix.Signal(-group, signal);
        }
    }

    private static bool TryParse(string text, out long bytes) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);

    /// <summary>Writes to the same place as the program does, where the silo reads it as the last line.</summary>
    private static int Refuse(int code, string why)
    {
        Posix.Write($"\n{GuardExit.Voice}{why}\n");
        return code;
    }
}
