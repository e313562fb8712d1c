using System.Runtime.InteropServices;

namespace Grains.Storage.Checkpoints;

/// <summary>A rename survives a power cut only once its folder is on the disk, and .NET opens no folders.</summary>
internal static partial class FolderFlush
{
    /// <summary>
    /// Flushes the folder as well as the system lets it. Some file systems refuse, and their renames are as durable as they make them.
    /// </summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int handle = Open(folder, flags: 0);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
