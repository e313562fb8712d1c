using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Data;

/// <summary>
/// Draws the X-ray phantom. Image i of a split is of class i mod 4 and a function of (seed, split, i) alone, so the first N images
/// are balanced and stay the same when the split grows.
/// </summary>
internal static class PhantomSource
{
    private const int Side = PhantomPainter.Side;

    private static readonly ImmutableArray<string> ClassNames = ["background", "clavicles", "lungs", "heart"];

    public static Dataset Load(PhantomData spec, CancellationToken cancellation)
    {
        RequireCount("train", spec.Train);
        RequireCount("validation", spec.Validation);
        RequireCount("test", spec.Test);
        if (spec.LabelNoise is not (>= 0 and <= 1))
            throw new SpecException($"data.label_noise: {spec.LabelNoise} is outside 0..1. Use a share such as 0.1.");

        var train = Draw(spec.Seed, "train", spec.Train, cancellation);
        Mislabel(train.Labels, spec);
        return DatasetAssembly.Assemble("data (xray-phantom)", Side, Side, ClassNames, train,
            Draw(spec.Seed, "validation", spec.Validation, cancellation),
            Draw(spec.Seed, "test", spec.Test, cancellation));
    }

    private static ImageSplit Draw(long seed, string split, int count, CancellationToken cancellation)
    {
        var pixels = new float[(long)count * Side * Side];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            labels[i] = i % ClassNames.Length;
            var random = KeyedStream.Of(seed, 0, "phantom", split, i);
            PhantomPainter.Paint((PhantomClass)labels[i], random, pixels.AsSpan(i * Side * Side, Side * Side));
        }
        return new ImageSplit(pixels, labels);
    }

    private static void Mislabel(int[] labels, PhantomData spec)
    {
        if (spec.LabelNoise == 0) return;
        for (int i = 0; i < labels.Length; i++)
        {
            var random = KeyedStream.Of(spec.Seed, 0, "phantom", "label", i);
            if (random.NextDouble() < spec.LabelNoise) labels[i] = random.NextInt(ClassNames.Length);
        }
    }

    private static void RequireCount(string name, int count)
    {
        if (count is < PhantomData.FewestImages or > PhantomData.MostImages)
        {
            throw new SpecException($"data.{name}: {count} is outside {PhantomData.FewestImages}..{PhantomData.MostImages}. "
                + "Use at least one image per class.");
        }
    }
}
