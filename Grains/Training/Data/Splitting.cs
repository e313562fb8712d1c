using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Data;

/// <summary>
/// Decides which image belongs to which split, and in which order. Every split is in a seeded random order, whatever the order of the
/// files. So its first N images are a fair sample.
/// </summary>
internal static class Splitting
{
    /// <summary>The numbers 0..count−1 in the order that (seed, name) gives.</summary>
    public static int[] Shuffled(long seed, string name, int count) => KeyedStream.Of(seed, 0, "split", name).Permutation(count);

    /// <summary>
    /// Cuts the shuffled order: training images first, then <paramref name="validation"/>, and <paramref name="test"/> at the end.
    /// </summary>
    public static (int[] Train, int[] Validation, int[] Test) Cut(long seed, int count, int validation, int test)
    {
        int[] order = Shuffled(seed, "train", count);
        int train = count - validation - test;
        return (order[..train], order[train..(train + validation)], order[(train + validation)..]);
    }

    /// <summary>
    /// Cuts as <see cref="Cut"/> does, by shares of <paramref name="count"/>, each rounded to whole images and at least one.
    /// </summary>
    public static (int[] Train, int[] Validation, int[] Test) CutByFractions(
        string subject, long seed, int count, double validationFraction, double? testFraction)
    {
        RequireFraction("validation_fraction", validationFraction);
        if (testFraction is { } fraction) RequireFraction("test_fraction", fraction);
        int validation = Share(count, validationFraction);
        int test = testFraction is { } share ? Share(count, share) : 0;
        if (validation + test >= count)
        {
            throw new SpecException(
                $"{subject}: {count} images, less {validation} for validation and {test} for test, leave none to train on. "
                + "Use smaller fractions, or more images.");
        }
        return Cut(seed, count, validation, test);
    }

    public static ImageSplit Take(ImageSplit all, int[] order, int pixelsPerImage)
    {
        var pixels = new float[(long)order.Length * pixelsPerImage];
        var labels = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            Array.Copy(all.Pixels, (long)order[i] * pixelsPerImage, pixels, (long)i * pixelsPerImage, pixelsPerImage);
            labels[i] = all.Labels[order[i]];
        }
        return new ImageSplit(pixels, labels);
    }

    private static int Share(int count, double fraction) => Math.Max(1, (int)Math.Round(count * fraction));

    private static void RequireFraction(string name, double value)
    {
        if (value is not (> 0 and < 1))
            throw new SpecException($"data.{name}: {value} is outside 0..1, both ends excluded. Use a share such as 0.2.");
    }
}
