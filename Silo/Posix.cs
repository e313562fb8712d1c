using System.Runtime.InteropServices;
using System.Text;

namespace Silo;

/// <summary>The calls of the C library by which a guard works.</summary>
internal static unsafe partial class Posix
{
    public const int SigHup = 1, SigInt = 2, SigQuit = 3, SigKill = 9, SigTerm = 15;
    public const int NoEntry = 2, Nothing = -1, CloseOnExec = 0x8_0000;

    private const int ChildSubreaper = 36, StandardOutput = 1, Interrupted = 4, NoHang = 1;
    private const short Readable = 1;
    private static readonly nint s_ignore = 1;

    /// <summary>Makes a process that loses its parent a child of this one.</summary>
    public static void AdoptOrphans() => _ = Control(ChildSubreaper, 1, 0, 0, 0);

    public static void Ignore(int signal) => _ = SetHandler(signal, s_ignore);

    /// <summary>Buries a child that has ended.</summary>
    /// <param name="wait">Whether to wait for the next end.</param>
    /// <returns>The child; 0 when none has ended, and a negative number when there is none.</returns>
    public static int WaitForAny(bool wait, out int status)
    {
        int child;
        do child = WaitForChild(-1, out status, wait ? 0 : NoHang);
        while (child < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return child;
    }

    /// <summary>Waits until there is something to read, which the end of the input is, too.</summary>
    /// <param name="descriptor">A descriptor; <see cref="Nothing"/> to wait for the time alone.</param>
    public static bool WaitForInput(int descriptor, int milliseconds)
    {
        var watched = new Watched { Descriptor = descriptor, Wanted = Readable };
        return Poll(ref watched, 1, milliseconds) > 0;
    }

    public static int Read(int descriptor, Span<byte> bytes)
    {
        fixed (byte* start = bytes) return (int)ReadBytes(descriptor, start, (nuint)bytes.Length);
    }

    public static void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        // Whoever does not read it any more does not miss it.
        fixed (byte* start = bytes) _ = WriteBytes(StandardOutput, start, (nuint)bytes.Length);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>The group of a process, or of this one for 0; negative when it is gone.</summary>
    [LibraryImport("libc", EntryPoint = "getpgid")]
    public static partial int GroupOf(int process);

    /// <summary>Signals a process, or a whole group by its negative number.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", SetLastError = false)]
    public static partial int Spawn(out int process, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddOpen(byte* actions, int descriptor, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(byte* actions, int descriptor, int copy);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int FillSet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int EmptySet(byte* signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitForChild(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Watched watched, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadBytes(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteBytes(int descriptor, byte* bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Watched
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
