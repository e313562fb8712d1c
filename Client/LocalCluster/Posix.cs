using System.Runtime.InteropServices;

namespace Client.LocalCluster;

/// <summary>System calls for which .NET has no method.</summary>
internal static partial class Posix
{
    private const int Sigkill = 9, Sigterm = 15;
    private static readonly int Sigstop = OperatingSystem.IsMacOS() ? 17 : 19, Sigcont = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Leaves the terminal's session, so that neither its Ctrl-C nor its end is ours.</summary>
    public static void LeaveSession() => _ = SetSid();

    /// <summary>Asks the process to end in order.</summary>
    public static void Terminate(int pid) => _ = Signal(pid, Sigterm);

    public static void Kill(int pid) => _ = Signal(pid, Sigkill);

    /// <summary>Stops the process, which does nothing more and notices nothing until it goes on.</summary>
    public static void Stop(int pid) => _ = Signal(pid, Sigstop);

    public static void Continue(int pid) => _ = Signal(pid, Sigcont);

    public static int ParentProcess => GetParent();

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
