using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Grains.Interfaces.Local;

/// <summary>The few calls of the C library that .NET does not offer.</summary>
internal static partial class Libc
{
    private const int AtCurrentFolder = -100, PathOnly = 0x20_0000, CloseOnExec = 0x8_0000;
    private const uint BasicFields = 0x7FF;

    /// <summary>The user under whom this process acts.</summary>
    public static uint EffectiveUser => OperatingSystem.IsWindows() ? 0 : GetEffectiveUser();

    /// <summary>Sets which rights new files and folders do not get, and returns what was set before.</summary>
    public static int SetMask(int mask) => OperatingSystem.IsWindows() ? 0 : SetUserMask(mask);

    /// <summary>The owner and the mode of a file or folder; null where there is none or the system does not say.</summary>
    public static (uint Owner, int Mode)? Describe(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // struct statx is laid out alike on every processor: stx_uid at 20, stx_mode at 28, 256 bytes in all.
        Span<byte> answer = stackalloc byte[256];
        if (StatX(AtCurrentFolder, path, 0, BasicFields, ref MemoryMarshal.GetReference(answer)) != 0) return null;
        return (BinaryPrimitives.ReadUInt32LittleEndian(answer[20..]), BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]) & 0xFFF);
    }

    /// <summary>A descriptor that only names a folder; negative when there is no such folder.</summary>
    public static int OpenPath(string folder) => Open(folder, PathOnly | CloseOnExec);

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetUserMask(int mask);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint fields, ref byte answer);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
