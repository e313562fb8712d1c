using System.Runtime.InteropServices;
using System.Text;

namespace Silo;

/// <summary>
/// Starts a process without the Process class of .NET, which would wait for children that are not its own.
/// </summary>
internal static unsafe class ChildProcess
{
    /// <summary>The room for the C library's own structures. The largest of them has 336 bytes.</summary>
    private const int Room = 1024;

    private const int ReadOnly = 0, Input = 0, Output = 1, Errors = 2;
    private const short SetSignalMask = 0x08, SetSignalDefault = 0x04, SetSession = 0x80;

    /// <summary>
    /// Starts a program in a session of its own, with this process's environment and folder. Its standard input is empty, and its errors go
    /// where its output goes, so that they stay in order.
    /// </summary>
    /// <returns>0, or the error of the C library.</returns>
    public static int Start(ReadOnlySpan<string> command, out int process)
    {
        byte* actions = stackalloc byte[Room], attributes = stackalloc byte[Room], signals = stackalloc byte[Room];
        int failed = Posix.InitializeActions(actions);
        if (failed == 0) failed = Posix.AddOpen(actions, Input, "/dev/null", ReadOnly, 0);
        if (failed == 0) failed = Posix.AddDuplicate(actions, Output, Errors);
        if (failed == 0) failed = Posix.InitializeAttributes(attributes);
        if (failed == 0) failed = Posix.SetFlags(attributes, SetSignalMask | SetSignalDefault | SetSession);
        // What this process ignores, or .NET does, is nothing to the program.
        _ = Posix.FillSet(signals);
        if (failed == 0) failed = Posix.SetDefaults(attributes, signals);
        _ = Posix.EmptySet(signals);
        if (failed == 0) failed = Posix.SetMask(attributes, signals);
        process = 0;
        if (failed != 0) return failed;

        byte** arguments = stackalloc byte*[command.Length + 1];
        for (int i = 0; i < command.Length; i++) arguments[i] = Native(command[i]);
        arguments[command.Length] = null;
        // .NET keeps a copy of the environment. This is the original.
        byte** environment = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        return Posix.Spawn(out process, arguments[0], actions, attributes, arguments, environment);
    }

    private static byte* Native(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* bytes = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        return bytes;
    }
}
