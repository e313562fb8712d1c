using Grains.Training.Models;

namespace Tests.Unit.Training;

public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(31, 1, 5)]
    [InlineData(8, 4, 16)]
    [InlineData(37, 9, 33)]
    public void VectorsHaveTheBitsOfOneElementAtATime(int channels, int area, int samples)
    {
        var mask = new DropoutMask(seed: 3, replicate: 2, "dropout1", rate: 0.3);
        int elements = channels * area, words = (samples + 15) / 16;
        var values = new float[samples * elements];
        ushort[] kept = new ushort[elements * words];
        foreach (long step in new[] { 0L, 1, 5_000_000_000 })
        {
            mask.Fill(values, samples, step);
            mask.Fill(kept, channels, area, words, step);
            for (int i = 0; i < values.Length; i++)
            {
                int sample = i / elements, pixel = i % elements / channels, channel = i % elements % channels;
                float expected = mask.Element(sample, i % elements, step);
                Assert.Equal(expected, values[i]);
                Assert.Equal(expected > 0, (kept[(((channel * area) + pixel) * words) + (sample / 16)] >> (sample % 16) & 1) == 1);
            }
        }
    }

    [Fact]
    public void TheRateIsKeptAndTheMeanPreserved()
    {
        var values = new float[1_000_000];
        new DropoutMask(1, 1, "dropout1", 0.3).Fill(values, 1, 0);
        Assert.InRange(values.Count(v => v == 0f) / 1e6, 0.298, 0.302);
        Assert.InRange(values.Average(), 0.997, 1.003);
    }

    [Fact]
    public void LayerReplicateAndStepMatter()
    {
        float[] Drawn(int replicate, string layer, long step)
        {
            var values = new float[256];
            new DropoutMask(1, replicate, layer, 0.5).Fill(values, 1, step);
            return values;
        }
        var one = Drawn(1, "dropout1", 1);
        Assert.NotEqual(one, Drawn(2, "dropout1", 1));
        Assert.NotEqual(one, Drawn(1, "dropout2", 1));
        Assert.NotEqual(one, Drawn(1, "dropout1", 2));
    }
}
