using System.Runtime.InteropServices;

namespace Grains.Interfaces.Model.Files;

/// <summary>
/// The look of a path: what stands there, and which file it is. Two paths with one identity lead to the same file or folder.
/// </summary>
/// <param name="Size">The size in bytes. For a link that was not followed, it is the size of the link's own text.</param>
/// <param name="IsLink">Whether it is a link. It is told only where links were not followed.</param>
public readonly partial record struct FileLook(FileKind Kind, long Size, FileIdentity Identity, bool IsLink, string Words)
{
    private const int CurrentFolder = -100, NotFollowed = 0x100, Basics = 0x7ff, Bytes = 256;
    private const int ModeAt = 28, InodeAt = 32, SizeAt = 40, DeviceMajorAt = 136, DeviceMinorAt = 140;
    private const int TypeMask = 0xf000, Pipe = 0x1000, Character = 0x2000, Directory = 0x4000, Block = 0x6000, Regular = 0x8000;
    private const int Link = 0xa000, Socket = 0xc000;
    private const int NotThere = 2, Denied = 13, NotAFolder = 20, NameTooLong = 36, TooManyLinks = 40;

    /// <summary>Whether it is a FIFO, or a device that takes bytes one after another: neither a disk nor a socket.</summary>
    public bool IsStream { get; private init; }

    /// <summary>Looks at a path without opening it. Links are followed unless said otherwise.</summary>
    public static FileLook At(string path, bool follow = true)
    {
        if (!OperatingSystem.IsLinux()) return Portably(path);
        Span<byte> answer = stackalloc byte[Bytes];
        int failed = Statx(CurrentFolder, path, follow ? 0 : NotFollowed, Basics, ref MemoryMarshal.GetReference(answer));
        if (failed != 0) return Failed(Marshal.GetLastPInvokeError());
        int type = MemoryMarshal.Read<ushort>(answer[ModeAt..]) & TypeMask;
        var (kind, words) = type switch
        {
            Regular => (FileKind.Regular, "is a file"),
            Directory => (FileKind.Folder, "is a folder"),
            Link => (FileKind.Special, "is a link"),
            Pipe => (FileKind.Special, "is a named pipe (FIFO)"),
            Socket => (FileKind.Special, "is a socket"),
            Character or Block => (FileKind.Special, "is a device"),
            _ => (FileKind.Special, "is no regular file"),
        };
        var identity = new FileIdentity(
            MemoryMarshal.Read<uint>(answer[DeviceMajorAt..]), MemoryMarshal.Read<uint>(answer[DeviceMinorAt..]),
            MemoryMarshal.Read<ulong>(answer[InodeAt..]));
        return new(kind, MemoryMarshal.Read<long>(answer[SizeAt..]), identity, type == Link,
            words)
        { IsStream = type is Pipe or Character };
    }

    /// <summary>Tells as much as .NET does elsewhere. There a file is known by its path.</summary>
    private static FileLook Portably(string path)
    {
        var identity = new FileIdentity(0, 0, (ulong)Path.GetFullPath(path).GetHashCode(StringComparison.Ordinal));
        if (System.IO.Directory.Exists(path)) return new(FileKind.Folder, 0, identity, false, "is a folder");
        return File.Exists(path) ? new(FileKind.Regular, new FileInfo(path).Length, identity, false, "is a file") : Failed(NotThere);
    }

    private static FileLook Failed(int error) => error switch
    {
        NotThere or NotAFolder => new(FileKind.Missing, 0, default, false, "is not there"),
        TooManyLinks => new(FileKind.Missing, 0, default, false, "is a link in a circle"),
        Denied => new(FileKind.Hidden, 0, default, false, "cannot be reached: permission denied"),
        NameTooLong => new(FileKind.Hidden, 0, default, false, "cannot be reached: its path is too long"),
        _ => new(FileKind.Hidden, 0, default, false, $"cannot be reached: error {error}"),
    };

    // The answer of statx is laid out alike on every processor, and that of stat is not.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, ref byte answer);
}

/// <summary>A file's or folder's place on its device.</summary>
public readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode);
