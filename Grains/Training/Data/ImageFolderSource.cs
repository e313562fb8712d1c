using System.Collections.Immutable;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>Reads a folder of PNG and JPEG files, in an order that the file system has no say in.</summary>
internal static class ImageFolderSource
{
    private static readonly string[] SplitNames = ["train", "validation", "test"];

    /// <summary>An image file, its class, and its path below the split's folder with forward slashes: what it is sorted by.</summary>
    private sealed record Entry(string File, string Name, string Class);

    public static Dataset Load(ImageFolderData spec, CancellationToken cancellation)
    {
        if (spec.Height is < 1 or > 4096 || spec.Width is < 1 or > 4096)
            throw new SpecException($"data.height, data.width: {spec.Height}x{spec.Width} is outside 1..4096. Use a size such as 32x32.");
        if (!Directory.Exists(spec.Path))
            throw new SpecException($"data.path: {spec.Path} is no folder. Name a folder of images that every silo can read.");

        var (train, validation, test) = Split(spec);
        ImmutableArray<string> classNames =
            [.. train.Concat(validation).Concat(test).Select(entry => entry.Class).Distinct().Order(StringComparer.Ordinal)];
        return DatasetAssembly.Assemble(spec.Path, spec.Height, spec.Width, classNames,
            Decode(train, classNames, spec, cancellation),
            Decode(validation, classNames, spec, cancellation),
            Decode(test, classNames, spec, cancellation));
    }

    private static (Entry[] Train, Entry[] Validation, Entry[] Test) Split(ImageFolderData spec)
    {
        string[] present = [.. SplitNames.Where(name => Directory.Exists(Path.Combine(spec.Path, name)))];
        if (present.Length == 0)
        {
            var all = List(spec.Path, spec.ClassFrom);
            var cut = Splitting.CutByFractions(spec.Path, spec.Seed, all.Length, spec.ValidationFraction, spec.TestFraction);
            return (Pick(all, cut.Train), Pick(all, cut.Validation), Pick(all, cut.Test));
        }
        if (present.Length < SplitNames.Length)
        {
            throw new SpecException($"{spec.Path}: has {string.Join(" and ", present)}, but not {string.Join(" and ", SplitNames.Except(present))}. "
                + "Splits are the three subfolders train, validation and test, or seeded fractions where there is none of them.");
        }
        return (Shuffled("train"), Shuffled("validation"), Shuffled("test"));

        Entry[] Shuffled(string name)
        {
            var entries = List(Path.Combine(spec.Path, name), spec.ClassFrom);
            return Pick(entries, Splitting.Shuffled(spec.Seed, name, entries.Length));
        }
    }

    private static Entry[] Pick(Entry[] entries, int[] order) => Array.ConvertAll(order, at => entries[at]);

    private static Entry[] List(string root, ClassFrom classFrom)
    {
        var entries = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => !IsClutter(Path.GetFileName(file)))
            .Select(file =>
            {
                string name = Path.GetRelativePath(root, file).Replace('\\', '/');
                return new Entry(file, name, ClassOf(file, name, classFrom));
            })
            .ToArray();
        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    // What desktops leave behind. Any other file that is no image is an error, for it may be a damaged one.
    private static bool IsClutter(string name) => name.StartsWith('.') || name is "Thumbs.db" or "desktop.ini";

    private static string ClassOf(string file, string name, ClassFrom classFrom)
    {
        if (classFrom == ClassFrom.Folder)
        {
            int slash = name.IndexOf('/');
            return slash > 0
                ? name[..slash]
                : throw new SpecException($"{file}: lies in no class folder. Move it into one, or set data.class_from to file_suffix.");
        }
        string stem = Path.GetFileNameWithoutExtension(file);
        return stem.Length > 0 && char.IsLetter(stem[^1])
            ? stem[^1..]
            : throw new SpecException($"{file}: its name does not end in a letter before the extension, which would be its class. "
                + "Rename it, or set data.class_from to folder.");
    }

    private static ImageSplit Decode(Entry[] entries, ImmutableArray<string> classNames, ImageFolderData spec, CancellationToken cancellation)
    {
        int size = spec.Height * spec.Width;
        if ((long)entries.Length * size > int.MaxValue / 2)
        {
            throw new SpecException($"{spec.Path}: {entries.Length} images of {spec.Height}x{spec.Width} in one split are more than 4 GiB. "
                + "Use a smaller data.height and data.width, or fewer images.");
        }
        var pixels = new float[(long)entries.Length * size];
        var labels = new int[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            GreyImage.Decode(entries[i].File, spec.Height, spec.Width, new Span<float>(pixels, i * size, size));
            labels[i] = classNames.IndexOf(entries[i].Class);
        }
        return new ImageSplit(pixels, labels);
    }
}
