using System.Collections.Immutable;
using System.Globalization;

namespace Grains.Interfaces.Model.Files;

/// <summary>An image file of a data folder.</summary>
/// <param name="Name">The path below the split's folder, with forward slashes. Images are sorted by it.</param>
public sealed record ImageFile(string Path, string Name, string Class);

/// <summary>The layout of a folder of images, seen by names alone. Client and silo agree on it before an image is decoded.</summary>
/// <param name="Train">The training images, or all images where the folder has no splits. Each split is in the order of its names.</param>
/// <param name="Validation">Null where a share of the training images is taken.</param>
/// <param name="Test">Null where a share of all images is taken.</param>
/// <param name="Notes">The notes that a person should read, a whole sentence each.</param>
public sealed record ImageFolderLayout(
    ImmutableArray<ImageFile> Train, ImmutableArray<ImageFile>? Validation, ImmutableArray<ImageFile>? Test,
    ImmutableArray<string> ClassNames, ImmutableArray<string> Notes)
{
    private const int NamesShown = 3;

    private static readonly ImmutableArray<(string Split, ImmutableArray<string> Names)> SplitNames =
        [("train", ["train", "training"]), ("validation", ["validation", "val", "valid"]), ("test", ["test", "testing"])];

    private static string Wanted => string.Join("; ", SplitNames.Select(s => string.Join(" or ", s.Names)));

    /// <exception cref="SpecException">Something cannot be read, or the classes or splits contradict each other.</exception>
    public static ImageFolderLayout Of(ImageFolderData data, CancellationToken cancellation)
    {
        var look = FileLook.At(data.Path);
        if (look.Kind != FileKind.Folder)
        {
            string why = look.Kind == FileKind.Hidden ? look.Words : "is no folder";
            throw new SpecException($"data.path: {data.Path} {why}. Name a folder of images that every silo can read.");
        }
        var splits = FindSplits(data.Path);
        return splits.Count == 0 ? Whole(data, cancellation) : Split(data, splits, cancellation);
    }

    private static ImageFolderLayout Whole(ImageFolderData data, CancellationToken cancellation)
    {
        var walk = FolderWalk.Of(data.Path, null, cancellation);
        var images = Images(walk.Files, data.ClassFrom, file => file.Name);
        if (data.ClassFrom == ClassFrom.Folder) RequireFullClasses(data.Path, "", walk, images);
        var classes = ClassesOf(images);
        if (classes.Length == 1 && data.ClassFrom == ClassFrom.Folder)
        {
            throw new SpecException($"{data.Path}: 1 class folder ({classes[0]}), but telling apart needs at least 2. "
                + $"Name the folder that holds the class folders, or the folders of the splits ({Wanted}).");
        }
        return new(images, null, null, classes, PassedOverNotes(data.Path, walk));
    }

    private static ImageFolderLayout Split(ImageFolderData data, Dictionary<string, string> splits, CancellationToken cancellation)
    {
        var walk = FolderWalk.Of(data.Path, splits.ContainsValue, cancellation);
        var notes = PassedOverNotes(data.Path, walk).ToBuilder();
        var bySplit = walk.Files.ToLookup(f => f.Name[..f.Name.IndexOf('/')]);
        ImmutableArray<ImageFile> train = Of("train"), test = Of("test");
        ImmutableArray<ImageFile>? validation = splits.ContainsKey("validation") ? Of("validation") : null;
        if (validation is null)
        {
            string share = (100 * data.ValidationFraction).ToString("0.##", CultureInfo.InvariantCulture);
            string names = string.Join(" or ", SplitNames[1].Names);
            notes.Add($"{data.Path}: no folder for validation ({names}), so that {share} % of the training images are taken.");
        }
        var classes = ClassesOf([.. train, .. validation ?? [], .. test]);
        foreach (var (split, images) in new[] { ("validation", validation), ("test", test) })
        {
            string[] missing = images is { } present ? [.. classes.Except(present.Select(i => i.Class), StringComparer.Ordinal)] : [];
            if (missing.Length > 0) notes.Add(MissingClasses(data.Path, split, missing));
        }
        return new(train, validation, test, classes, notes.ToImmutable());

        ImmutableArray<ImageFile> Of(string split)
        {
            string folder = splits[split];
            if (walk.PassedOver.FirstOrDefault(p => p.Name == folder) is { } link)
            {
                throw new SpecException($"{Path.Combine(data.Path, folder)} {link.Why}. "
                    + "Give each split images of its own, or leave out the validation folder.");
            }
            var images = Images(bySplit[folder], data.ClassFrom, file => file.Name[(folder.Length + 1)..]);
            if (data.ClassFrom == ClassFrom.Folder) RequireFullClasses(data.Path, folder, walk, images);
            return images;
        }
    }

    /// <summary>The note about a split in which nobody can tell how well a class is found.</summary>
    public static string MissingClasses(string subject, string split, IReadOnlyCollection<string> classes)
    {
        var (word, them) = classes.Count == 1 ? ("class", "it") : ("classes", "them");
        return $"{subject}: no {split} image of {word} {Some(classes)}, so that {split} results say nothing of {them}. "
            + $"Add images, or leave the {word} out.";
    }

    /// <summary>The folders of the splits by the split's name; empty where the folder has none of them.</summary>
    private static Dictionary<string, string> FindSplits(string root)
    {
        var found = new Dictionary<string, string>();
        foreach (string folder in FolderNames(root))
        {
            string? split = SplitNames.FirstOrDefault(s => s.Names.Contains(folder, StringComparer.OrdinalIgnoreCase)).Split;
            if (split is null || found.TryAdd(split, folder)) continue;
            throw new SpecException($"{root}: {found[split]} and {folder} both name the {split} images. Keep one of the two folders.");
        }
        if (found.Count == 0 || found.ContainsKey("train") && found.ContainsKey("test")) return found;
        string[] missing = [.. SplitNames.Select(s => s.Split).Where(s => s != "validation" && !found.ContainsKey(s))];
        throw new SpecException(
            $"{root}: has {string.Join(" and ", found.Values)}, but not {string.Join(" and ", missing)}. Splits are subfolders "
            + $"({Wanted}; in any case, validation may be missing), or seeded fractions where there is none of them. "
            + "Rename a class that is called so.");
    }

    private static IEnumerable<string> FolderNames(string root)
    {
        try
        {
            var names = Directory.EnumerateDirectories(root).Select(f => Path.GetFileName(f)!);
            return [.. names.Where(f => !FolderWalk.IsHidden(f)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e.Message.TrimEnd('.');
            throw new SpecException($"data.path: {root} cannot be listed: {reason}. Name a folder of images that every silo can read.");
        }
    }

    private static ImmutableArray<ImageFile> Images(IEnumerable<WalkedFile> files, ClassFrom classFrom, Func<WalkedFile, string> name) =>
        [.. files.Select(f => f.Size > 0 ? new ImageFile(f.Path, name(f), ClassOf(f.Path, name(f), classFrom)) : throw Empty(f.Path))];

    private static SpecException Empty(string file) => new($"{file} is empty: 0 bytes. Fetch it anew, or remove it.");

    private static string ClassOf(string file, string name, ClassFrom classFrom)
    {
        if (classFrom == ClassFrom.Folder)
        {
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 ? name[..slash]
                : throw new SpecException($"{file}: lies in no class folder. Move it into one, or set data.class_from to file_suffix.");
        }
        string stem = Path.GetFileNameWithoutExtension(file);
        return stem.Length > 0 && char.IsLetter(stem[^1]) ? stem[^1..]
            : throw new SpecException($"{file}: its name does not end in a letter before the extension, which would be its class. "
                + "Rename it, or set data.class_from to folder.");
    }

    /// <summary>A class folder without images is a mistake: nobody means a class that cannot be learned.</summary>
    private static void RequireFullClasses(string root, string split, FolderWalk walk, ImmutableArray<ImageFile> images)
    {
        var full = images.Select(i => i.Class).ToHashSet(StringComparer.Ordinal);
        string below = Path.Combine(root, split);
        foreach (string folder in FolderNames(below).Where(f => !full.Contains(f)))
        {
            string name = split.Length == 0 ? folder : $"{split}/{folder}";
            string? why = walk.PassedOver.FirstOrDefault(p => p.Name == name)?.Why;
            // A link to a folder above is no class, and one to another class would be that class twice.
            if (why?.Contains("back to the data", StringComparison.Ordinal) == true) continue;
            string because = why is null ? "" : $", for it {why}";
            throw new SpecException(
                $"{Path.Combine(below, folder)}: class '{folder}' has no image{because}. Add images, or remove the folder.");
        }
    }

    private static ImmutableArray<string> ClassesOf(IEnumerable<ImageFile> images) =>
        [.. images.Select(i => i.Class).Distinct().Order(StringComparer.Ordinal)];

    private static ImmutableArray<string> PassedOverNotes(string root, FolderWalk walk) =>
    [
        .. walk.PassedOver.GroupBy(p => p.Why, p => p.Name)
            .Select(g => $"{root}: passed over {Some([.. g])}: {(g.Count() == 1 ? "it" : "each")} {g.Key}."),
    ];

    private static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "");
}
