using System.Runtime.InteropServices;

namespace Grains.Interfaces.Local;

/// <summary>Ends this process as kill -9 would, without a last word of anybody's.</summary>
public static partial class SuddenEnd
{
    /// <summary>What a shell says of a process that was killed with -9.</summary>
    private const int Killed = 128 + 9;

    /// <summary>A signal would not do: process 1 of a container ignores those that it sends itself.</summary>
    public static void Now()
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(Killed);
        else Exit(Killed);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
