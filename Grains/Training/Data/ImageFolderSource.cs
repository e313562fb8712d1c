using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Grains.Training.Data;

/// <summary>Reads a folder of PNG and JPEG files, in an order that does not depend on the file system.</summary>
internal static class ImageFolderSource
{
    public static Dataset Load(ImageFolderData spec, CancellationToken cancellation)
    {
        if (spec.Height is < 1 or > 4096 || spec.Width is < 1 or > 4096)
            throw new SpecException($"data.height, data.width: {spec.Height}x{spec.Width} is outside 1..4096. Use a size such as 32x32.");

        var layout = ImageFolderLayout.Of(spec, cancellation);
        var (train, validation, test) = Split(spec, layout);
        var classes = layout.ClassNames;
        DecodedSplit[] splits = [.. new[] { train, validation, test }.Select(images => Decode(images, classes, spec, cancellation))];
        string[] notes = [.. layout.Notes, .. Brighten(splits, spec, cancellation), .. Traits(spec.Path, splits)];
        return DatasetAssembly.Assemble(
            spec.Path, spec.Height, spec.Width, classes, splits[0].Pixels, splits[1].Pixels, splits[2].Pixels, notes);
    }

    private static (ImageFile[] Train, ImageFile[] Validation, ImageFile[] Test) Split(ImageFolderData spec, ImageFolderLayout layout)
    {
        var train = layout.Train;
        if (layout is { Validation: { } validation, Test: { } test })
            return (Shuffled("train", train), Shuffled("validation", validation), Shuffled("test", test));
        double? testFraction = layout.Test is null ? spec.TestFraction : null;
        var cut = Splitting.CutByFractions(spec.Path, spec.Seed, train.Length, spec.ValidationFraction, testFraction);
        var tested = layout.Test is { } own ? Shuffled("test", own) : Pick(train, cut.Test);
        return (Pick(train, cut.Train), Pick(train, cut.Validation), tested);

        ImageFile[] Shuffled(string name, ImmutableArray<ImageFile> images) =>
            Pick(images, Splitting.Shuffled(spec.Seed, name, images.Length));
    }

    private static ImageFile[] Pick(ImmutableArray<ImageFile> images, int[] order) => Array.ConvertAll(order, at => images[at]);

    private static DecodedSplit Decode(
        ImageFile[] images, ImmutableArray<string> classNames, ImageFolderData spec, CancellationToken cancellation)
    {
        int size = spec.Height * spec.Width;
        if ((long)images.Length * size > int.MaxValue / 2)
        {
            throw new SpecException($"{spec.Path}: {images.Length} images of {spec.Height}x{spec.Width} in one split are more than 4 GiB. "
                + "Use a smaller data.height and data.width, or fewer images.");
        }
        var pixels = new float[(long)images.Length * size];
        var labels = new int[images.Length];
        var traits = new ImageTraits[images.Length];
        for (int i = 0; i < images.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            traits[i] = GreyImage.Decode(images[i].Path, spec.Height, spec.Width, new Span<float>(pixels, i * size, size), cancellation);
            labels[i] = classNames.IndexOf(images[i].Class);
        }
        return new DecodedSplit(images, new ImageSplit(pixels, labels), traits);
    }

    /// <summary>
    /// Decodes images of 16 bits again when they use no more than 14 of them. The brightest value of their range then is white.
    /// </summary>
    private static IEnumerable<string> Brighten(DecodedSplit[] splits, ImageFolderData spec, CancellationToken cancellation)
    {
        int largest = splits.Max(s => s.Traits.Select(t => t.Largest).DefaultIfEmpty().Max());
        int? white = largest switch
        {
            0 => null,
            < 1 << 8 => (1 << 8) - 1,
            < 1 << 10 => (1 << 10) - 1,
            < 1 << 12 => (1 << 12) - 1,
            < 1 << 14 => (1 << 14) - 1,
            _ => null,
        };
        if (white is null) return [];

        int size = spec.Height * spec.Width, count = 0;
        foreach (var split in splits)
        {
            for (int i = 0; i < split.Images.Length; i++)
            {
                if (split.Traits[i].Largest == 0) continue;
                var grey = new Span<float>(split.Pixels.Pixels, i * size, size);
                GreyImage.DecodeDeep(split.Images[i].Path, white.Value, spec.Height, spec.Width, grey, cancellation);
                count++;
            }
        }
        return [$"{spec.Path}: {count} images of 16 bits use values up to {largest} only, so that {white} is taken for white."];
    }

    private static IEnumerable<string> Traits(string path, DecodedSplit[] splits)
    {
        int all = splits.Sum(s => s.Images.Length);
        int coloured = splits.Sum(s => s.Traits.Count(t => t.Colour)), transparent = splits.Sum(s => s.Traits.Count(t => t.Transparent));
        if (coloured > 0)
            yield return $"{path}: {coloured} of {all} images are in colour and are read as grey (0.299 R + 0.587 G + 0.114 B).";
        if (transparent > 0)
        {
            yield return $"{path}: {transparent} of {all} images have transparent parts, which are read as black. "
                + "Put them on the background that is meant.";
        }
    }

    private sealed record DecodedSplit(ImageFile[] Images, ImageSplit Pixels, ImageTraits[] Traits);
}
