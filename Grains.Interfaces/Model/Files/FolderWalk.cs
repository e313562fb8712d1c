using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Files;

/// <summary>A file that a walk found.</summary>
/// <param name="Name">Its path below the root, with forward slashes.</param>
public sealed record WalkedFile(string Path, string Name, long Size);

/// <summary>An entry that a walk did not go into. The reason is the end of a sentence about it.</summary>
public sealed record PassedOver(string Name, string Why);

/// <summary>
/// Finds all files below a folder, in the order of their names. Each real folder is entered once, whatever links lead to it. Hidden entries
/// and special files are passed over. An entry that cannot be read or named is a mistake.
/// </summary>
public sealed record FolderWalk(ImmutableArray<WalkedFile> Files, ImmutableArray<PassedOver> PassedOver)
{
    private const int MostEntries = 5_000_000;
    private const string Above = "a folder above";
    private const string HiddenWords = "is hidden", BesideWords = "stands beside the folders of the splits";

    /// <summary>The names that desktops, file servers and archivers leave behind, besides names that begin with a dot.</summary>
    private static readonly ImmutableHashSet<string> Clutter = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase,
        "Thumbs.db", "ehthumbs.db", "desktop.ini", "Icon\r", "@eaDir", "#recycle", "__MACOSX", "$RECYCLE.BIN", "System Volume Information",
        "lost+found");

    /// <param name="root">A folder.</param>
    /// <param name="wanted">Chooses the entries of the root itself that are looked at; null for all.</param>
    /// <exception cref="SpecException">An entry cannot be read, or has a name that is no text.</exception>
    public static FolderWalk Of(string root, Func<string, bool>? wanted, CancellationToken cancellation) =>
        new Walking(root, wanted, cancellation).Run();

    public static bool IsHidden(string name) => name.StartsWith('.') || Clutter.Contains(name);

    private sealed class Walking(string root, Func<string, bool>? wanted, CancellationToken cancellation)
    {
        private readonly List<WalkedFile> _files = [];
        private readonly List<PassedOver> _passedOver = [];
        private readonly Dictionary<FileIdentity, string> _entered = [];
        private readonly SortedSet<string> _links = new(StringComparer.Ordinal);
        private int _entries;

        public FolderWalk Run()
        {
            EnterAncestors();
            Enter("");
            // Links come last, so that a folder is known by its own name where it has one here.
            while (_links.Min is { } link)
            {
                _links.Remove(link);
                Follow(link);
            }
            _files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return new([.. _files], [.. _passedOver.OrderBy(p => p.Name, StringComparer.Ordinal)]);
        }

        /// <summary>A link that leads above the root would bring us back to it.</summary>
        private void EnterAncestors()
        {
            string above = root;
            var last = FileLook.At(above).Identity;
            while (true)
            {
                above = System.IO.Path.Combine(above, "..");
                var look = FileLook.At(above);
                if (look.Kind != FileKind.Folder || look.Identity == last) return;
                _entered.TryAdd(last = look.Identity, Above);
            }
        }

        private void Follow(string name)
        {
            var look = FileLook.At(PathOf(name));
            if (!_entered.TryGetValue(look.Identity, out string? known)) Enter(name);
            else if (known.Length == 0 || known == Above) _passedOver.Add(new(name, "is a link back to the data folder"));
            else _passedOver.Add(new(name, $"is a link to {known}, which is read once"));
        }

        private void Enter(string folder)
        {
            var pending = new Stack<string>([folder]);
            while (pending.TryPop(out string? next))
            {
                if (!_entered.TryAdd(FileLook.At(PathOf(next)).Identity, next)) continue; // a mount of what is read already
                foreach (string name in Entries(next)) Look(next.Length == 0 ? name : $"{next}/{name}", name, pending);
            }
        }

        private void Look(string name, string last, Stack<string> pending)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++_entries > MostEntries)
                throw new SpecException($"{root}: more than {MostEntries} files and folders. Name the folder that holds the images alone.");
            bool apart = name.Length == last.Length && wanted?.Invoke(name) == false;
            if (apart || IsHidden(last))
            {
                _passedOver.Add(new(name, IsHidden(last) ? HiddenWords : BesideWords));
                return;
            }

            string path = PathOf(name);
            var own = FileLook.At(path, follow: false);
            if (own.Kind == FileKind.Missing && last.Contains('\ufffd'))
                throw new SpecException($"{PathOf("")}: the name of '{name}' is not UTF-8 (\ufffd stands for what is not). Rename it.");
            var look = own.IsLink ? FileLook.At(path) : own;
            switch (look.Kind)
            {
                case FileKind.Regular: _files.Add(new(path, name, look.Size)); break;
                case FileKind.Folder when own.IsLink: _links.Add(name); break;
                case FileKind.Folder: pending.Push(name); break;
                case FileKind.Special: _passedOver.Add(new(name, look.Words)); break;
                default: throw new SpecException($"{path} {WholeFile.Why(path, look)}. Mend it, or move it out of the data folder.");
            }
        }

        private string[] Entries(string folder)
        {
            try
            {
                var entries = Directory.EnumerateFileSystemEntries(PathOf(folder));
                return [.. entries.Select(e => System.IO.Path.GetFileName(e)!).Order(StringComparer.Ordinal)];
            }
            catch (UnauthorizedAccessException)
            {
                throw new SpecException($"{PathOf(folder)} cannot be listed: permission denied. Every silo must be able to read the data.");
            }
            catch (IOException e)
            {
                string reason = e.Message.TrimEnd('.');
                throw new SpecException($"{PathOf(folder)} cannot be listed: {reason}. Check that the data are still there.");
            }
        }

        private string PathOf(string name) => name.Length == 0 ? root : System.IO.Path.Combine(root, name);
    }
}
