using System.Text;

namespace Grains.Interfaces.Model.Files;

/// <summary>
/// Finds what is to be packed, by looks alone. Folders above a packed file are packed too. Whatever a name leads to is taken, but a link
/// back to a folder above itself is refused.
/// </summary>
/// <param name="subject">The words before a message.</param>
/// <param name="folder">The folder that names start from.</param>
/// <param name="most">The largest archive, in bytes.</param>
/// <param name="smaller">The remedy when there is more.</param>
/// <param name="leftOut">The names that are passed over inside of folders.</param>
internal sealed class PackedTree(string subject, string folder, long most, string smaller, params string[] leftOut)
{
    private const int Block = 512, LongestPlainName = 100;

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    private readonly SortedDictionary<string, (string? Path, long Size)> _entries = new(StringComparer.Ordinal);

    /// <summary>The size of the archive in bytes: its two last blocks are empty.</summary>
    public long Size { get; private set; } = 2 * Block;

    /// <summary>The entries in the order of their names. A folder has no path to read, and comes before what it holds.</summary>
    public IEnumerable<(string Name, string? Path, long Size)> Entries => _entries.Select(e => (e.Key, e.Value.Path, e.Value.Size));

    /// <summary>Adds a file, or a folder with all that it holds.</summary>
    public void Add(string name)
    {
        string below = Below(name);
        for (int at = below.IndexOf('/'); at >= 0; at = below.IndexOf('/', at + 1)) Take(below[..at], null, 0);
        Enter(below, []);
    }

    /// <summary>Has a file read that must still be what it was when it was found.</summary>
    public void Read(string name, string path, long size, Action<FileStream> read) =>
        WholeFile.Read($"{subject}: ", path, Remedy, most, file =>
        {
            if (file.Length == size) read(file);
            return file.Length == size && file.Position == size ? true : throw new IOException($"'{name}' changes while it is read");
        });

    private string Remedy => subject == "checkpoint"
        ? "Save only regular files, and leave them alone once they are named."
        : "Give the names of files beside the sweep file.";

    /// <summary>The name below the root, with forward slashes; empty for the root itself.</summary>
    private string Below(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0'))
            throw new SpecException($"{subject}: '{name.Replace('\0', '?')}' is no name. {Remedy}");
        if (Path.IsPathRooted(name)) throw new SpecException($"{subject}: {name} is absolute, and names begin at {_root}. {Remedy}");
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(name, _root));
        string below = Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');
        if (below == ".." || below.StartsWith("../", StringComparison.Ordinal))
            throw new SpecException($"{subject}: {name} leads out of {_root}. {Remedy}");
        return below == "." ? "" : below;
    }

    private void Enter(string name, List<FileIdentity> above)
    {
        string path = name.Length == 0 ? _root : Path.Combine(_root, name);
        var look = FileLook.At(path);
        switch (look.Kind)
        {
            case FileKind.Regular:
                Take(name, path, look.Size);
                break;
            case FileKind.Folder when above.Contains(look.Identity):
                throw new SpecException($"{subject}: {name} is a link back to a folder above it, which would never end. Remove the link.");
            case FileKind.Folder:
                if (name.Length > 0) Take(name, null, 0);
                above.Add(look.Identity);
                foreach (string entry in Listed(path).Where(e => !leftOut.Contains(e))) Enter(name.Length == 0 ? entry : $"{name}/{entry}", above);
                above.RemoveAt(above.Count - 1);
                break;
            case FileKind.Missing when FileLook.At(path, follow: false).Kind == FileKind.Missing && name.Contains('\ufffd'):
                throw new SpecException($"{subject}: the name of {name} is not UTF-8 (\ufffd stands for what is not). Rename it.");
            case FileKind.Missing when FileLook.At(path, follow: false).Kind == FileKind.Missing:
                throw new SpecException($"{subject}: {(name.Length == 0 ? "it" : name)} does not exist in {_root}. {Remedy}");
            default:
                throw new SpecException($"{subject}: {name} {WholeFile.Why(path, look)}, and only files and folders are packed. {Remedy}");
        }
    }

    private string[] Listed(string path)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(path).Select(e => Path.GetFileName(e)!)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"{subject}: {path} cannot be listed: {e.Message.TrimEnd('.')}. {Remedy}");
        }
    }

    private void Take(string name, string? path, long size)
    {
        if (!_entries.TryAdd(name, (path, size))) return;
        // A folder's name is written with a slash at its end. One that is too long for its place goes before, as an entry of its own.
        int length = Encoding.UTF8.GetByteCount(name) + (path is null ? 1 : 0);
        Size += Block + Blocks(size) + (length > LongestPlainName ? Block + Blocks(length + 1) : 0);
        if (Size > most) throw new SpecException($"{subject}: the files are more than {most} bytes as an archive, with {name}. {smaller}.");
    }

    private static long Blocks(long size) => (size + Block - 1) / Block * Block;
}
