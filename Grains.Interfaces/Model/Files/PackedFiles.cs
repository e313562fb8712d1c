using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace Grains.Interfaces.Model.Files;

/// <summary>
/// Files and folders in one tar archive whose bytes are a function of their names, their content and the owner's right to execute. Times,
/// owners and the other rights are not kept. A link is read as what it leads to.
/// </summary>
public static class PackedFiles
{
    /// <summary>The most that the files of a program may be, in bytes of the archive.</summary>
    public const long MostOfProgram = 64L << 20;

    /// <summary>The most that a checkpoint may be unless somebody says otherwise, in bytes of the archive.</summary>
    public const long MostOfCheckpoint = 1L << 30;

    internal const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    internal const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What tools leave beside a program changes with every run of it, and is none of its files.
    private static readonly string[] s_leftByTools = ["__pycache__", ".git"];

    /// <summary>Packs files and folders, with all that the folders hold but `__pycache__` and `.git`.</summary>
    /// <param name="names">Paths below the folder. One that is named twice is packed once.</param>
    /// <exception cref="SpecException">A name leads out of the folder, or what it names is missing, special, unreadable or too large.
    /// </exception>
    public static byte[] Pack(string folder, IEnumerable<string> names)
    {
        var tree = new PackedTree("program.files", folder, MostOfProgram, "Name only what the program needs", s_leftByTools);
        foreach (string name in names) tree.Add(name);
        return Write(tree);
    }

    /// <summary>Packs all that a folder holds. Its own name is not kept.</summary>
    /// <param name="most">The largest archive that is made, in bytes; never more than 2 GiB.</param>
    /// <returns>Nothing when the folder is empty.</returns>
    /// <exception cref="SpecException">As <see cref="Pack"/>.</exception>
    public static byte[] PackAll(string folder, long most = MostOfCheckpoint)
    {
        var tree = new PackedTree("checkpoint", folder, Math.Min(most, Array.MaxLength), "Save only what the training needs to go on");
        tree.Add(".");
        return Write(tree);
    }

    /// <summary>Writes packed files into a folder, which is made when absent. Nothing outside of it is touched.</summary>
    /// <param name="tar">An archive of <see cref="Pack"/> or <see cref="PackAll"/>; nothing when empty.</param>
    /// <param name="folder">A folder without any of the files. It must hold no links.</param>
    /// <exception cref="SpecException">The archive is damaged, or it holds more than files and folders of its own.</exception>
    public static void Unpack(ReadOnlyMemory<byte> tar, string folder)
    {
        Directory.CreateDirectory(folder);
        if (tar.IsEmpty) return;
        try
        {
            using var reader = new TarReader(Stream(tar));
            while (reader.GetNextEntry() is { } entry) Unpack(entry, folder);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new SpecException($"packed files: {e.Message.TrimEnd('.')}. The archive is damaged: pack the files again.");
        }
    }

    private static byte[] Write(PackedTree tree)
    {
        if (!tree.Entries.Any()) return [];
        // The size is known beforehand, so that a large archive is in memory only once.
        var archive = new MemoryStream((int)tree.Size);
        using (var writer = new TarWriter(archive, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, path, size) in tree.Entries)
            {
                if (path is null) writer.WriteEntry(Entry(TarEntryType.Directory, name, Executable));
                else tree.Read(name, path, size, file => writer.WriteEntry(FileEntry(name, file)));
            }
        }
        byte[] whole = archive.GetBuffer();
        return whole.Length == archive.Length ? whole : archive.ToArray();
    }

    private static GnuTarEntry FileEntry(string name, FileStream file)
    {
        bool runs = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.UserExecute) != 0;
        var entry = Entry(TarEntryType.RegularFile, name, runs ? Executable : Plain);
        entry.DataStream = file;
        return entry;
    }

    private static GnuTarEntry Entry(TarEntryType type, string name, UnixFileMode mode) => new(type, name)
    {
        Mode = mode,
        Uid = 0,
        Gid = 0,
        ModificationTime = DateTimeOffset.UnixEpoch,
        AccessTime = default,
        ChangeTime = default,
    };

    private static void Unpack(TarEntry entry, string folder)
    {
        string name = entry.Name.TrimEnd('/');
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.Directory))
            throw Refused(name, $"is a {entry.EntryType}, and only files and folders are unpacked");
        if (name.Length == 0 || Path.IsPathRooted(name) || name.Split('/', '\\').Any(part => part is "" or "." or ".."))
            throw Refused(name, "leads out of the folder");
        string path = Path.Combine(folder, name);
        if (entry.EntryType == TarEntryType.Directory)
        {
            if (File.Exists(path)) throw Refused(name, "is there twice");
            Directory.CreateDirectory(path);
            return;
        }
        if (Path.Exists(path)) throw Refused(name, "is there twice");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = (entry.Mode & UnixFileMode.UserExecute) != 0 ? Executable : Plain;
        using var file = new FileStream(path, options);
        entry.DataStream?.CopyTo(file);
    }

    private static SpecException Refused(string name, string why) =>
        new($"packed files: '{name}' {why}. Pack the files again with this version.");

    private static MemoryStream Stream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
