using System.Diagnostics;
using Grains.Interfaces.Model;
using Grains.Training.Data;

namespace Tests.Unit.Data;

public class PhantomSourceTests
{
    private static readonly PhantomData Small = new() { Train = 800, Validation = 200, Test = 200 };

    [Fact]
    public void SizesAndClassesAreThoseOfTheSpec()
    {
        var data = Load.Of(Small);
        Assert.Equal(["background", "clavicles", "lungs", "heart"], data.ClassNames);
        Assert.Equal(new DataIdentity(data.Identity.Digest, 32, 32, 4, 800, 200, 200), data.Identity);
        Assert.Equal(800 * 32 * 32, data.Train.Pixels.Length);
        Assert.All(data.Train.Pixels, pixel => Assert.InRange(pixel, 0f, 1f));
    }

    [Fact]
    public void EveryLimitIsBalanced()
    {
        var data = Load.Of(Small);
        foreach (int limit in new[] { 4, 100, 800 })
            Assert.All(data.Train.Labels.Take(limit).CountBy(label => label), count => Assert.Equal(limit / 4, count.Value));
    }

    [Fact]
    public void EqualSpecsGiveEqualBytesAndAnotherSeedOthers()
    {
        var first = Load.Of(Small);
        Assert.Equal(first.Identity, Load.Of(Small).Identity);
        Assert.NotEqual(first.Identity.Digest, Load.Of(Small with { Seed = 2 }).Identity.Digest);
    }

    [Fact]
    public void ALargerSplitBeginsWithTheSmallerOne()
    {
        var small = Load.Of(Small);
        var large = Load.Of(Small with { Train = 900, Test = 240 });
        Assert.Equal(small.Train.Pixels, large.Train.Pixels[..small.Train.Pixels.Length]);
        Assert.Equal(small.Validation.Pixels, large.Validation.Pixels);
    }

    [Fact]
    public void LabelNoiseTouchesOnlyTrainingLabels()
    {
        var clean = Load.Of(Small);
        var noisy = Load.Of(Small with { LabelNoise = 0.4 });
        Assert.Equal(clean.Train.Pixels, noisy.Train.Pixels);
        Assert.Equal(clean.Validation.Labels, noisy.Validation.Labels);
        Assert.Equal(clean.Test.Labels, noisy.Test.Labels);
        // A random class is the right one once in four, so 0.4 of 800 are touched and 240 changed.
        int changed = clean.Train.Labels.Zip(noisy.Train.Labels).Count(pair => pair.First != pair.Second);
        Assert.InRange(changed, 190, 290);
        Assert.NotEqual(clean.Identity.Digest, noisy.Identity.Digest);
    }

    [Fact]
    public void TheNearestClassMeanIsAboveChanceAndFarFromPerfect()
    {
        var data = Load.Of(Small with { Train = 2000, Validation = 1000 });
        Assert.InRange(NearestMeanAccuracy(data), 0.35, 0.90);
    }

    [Fact]
    public void TheDefaultSetIsDrawnInSeconds()
    {
        var watch = Stopwatch.StartNew();
        Load.Of(new PhantomData());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"9,000 patches took {watch.Elapsed}, expected about one second");
    }

    [Theory]
    [InlineData(3, 0.0, "data.train: 3 is outside")]
    [InlineData(800, 1.5, "data.label_noise: 1.5 is outside 0..1")]
    [InlineData(800, double.NaN, "data.label_noise: NaN is outside 0..1")]
    public void ImpossibleSpecsAreRefused(int train, double noise, string complaint) =>
        Load.Refuses(Small with { Train = train, LabelNoise = noise }, complaint);

    private static double NearestMeanAccuracy(Dataset data)
    {
        const int Size = 32 * 32;
        var means = new double[4, Size];
        for (int i = 0; i < data.Train.Count; i++)
        {
            for (int p = 0; p < Size; p++) means[data.Train.Labels[i], p] += 4.0 * data.Train.Pixels[i * Size + p] / data.Train.Count;
        }
        int correct = 0;
        for (int i = 0; i < data.Validation.Count; i++)
        {
            int nearest = Enumerable.Range(0, 4).MinBy(label =>
            {
                double distance = 0;
                for (int p = 0; p < Size; p++) distance += Math.Pow(data.Validation.Pixels[i * Size + p] - means[label, p], 2);
                return distance;
            });
            if (nearest == data.Validation.Labels[i]) correct++;
        }
        return (double)correct / data.Validation.Count;
    }
}
