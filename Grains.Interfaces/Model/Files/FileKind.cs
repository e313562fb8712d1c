using System.Runtime.InteropServices;

namespace Grains.Interfaces.Model.Files;

/// <summary>What stands at a path, asked without opening it: opening a FIFO waits for ever, and a device may never end.</summary>
public enum FileKind
{
    /// <summary>Nothing, or a link that leads nowhere.</summary>
    Missing,
    Regular,
    Folder,
    /// <summary>A FIFO, a socket or a device.</summary>
    Special,
    /// <summary>It cannot be told, mostly for want of rights on a folder above.</summary>
    Hidden,
}

/// <summary>Tells a path's <see cref="FileKind"/>.</summary>
public static partial class FileKinds
{
    private const int CurrentFolder = -100, TypeWanted = 1, Size = 256, ModeOffset = 28, TypeMask = 0xF000;
    private const int RegularType = 0x8000, FolderType = 0x4000;
    private const int NotThere = 2, NotAFolder = 20, TooManyLinks = 40;

    /// <summary>Follows links.</summary>
    public static FileKind Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.Regular : FileKind.Missing;
        Span<byte> answer = stackalloc byte[Size];
        if (Statx(CurrentFolder, path, 0, TypeWanted, ref MemoryMarshal.GetReference(answer)) != 0)
            return Marshal.GetLastPInvokeError() is NotThere or NotAFolder or TooManyLinks ? FileKind.Missing : FileKind.Hidden;
        return (MemoryMarshal.Read<ushort>(answer[ModeOffset..]) & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            FolderType => FileKind.Folder,
            _ => FileKind.Special,
        };
    }

    // Its answer is laid out alike on every processor, which stat's is not.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, ref byte answer);
}
