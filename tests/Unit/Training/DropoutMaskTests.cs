using Grains.Training.Models;

namespace Tests.Unit.Training;

public sealed class DropoutMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1000)]
    public void VectorsHaveTheBitsOfOneElementAtATime(int length)
    {
        var mask = new DropoutMask(seed: 3, replicate: 2, "dropout1", rate: 0.3);
        var values = new float[length];
        foreach (long step in new[] { 0L, 1, 5_000_000_000 })
        {
            mask.Fill(values, step);
            for (int i = 0; i < length; i++) Assert.Equal(mask.Element(i, step), values[i]);
        }
    }

    [Fact]
    public void TheRateIsKeptAndTheMeanPreserved()
    {
        var values = new float[1_000_000];
        new DropoutMask(1, 1, "dropout1", 0.3).Fill(values, 0);
        Assert.InRange(values.Count(v => v == 0f) / 1e6, 0.298, 0.302);
        Assert.InRange(values.Average(), 0.997, 1.003);
    }

    [Fact]
    public void LayerReplicateAndStepMatter()
    {
        float[] Drawn(int replicate, string layer, long step)
        {
            var values = new float[256];
            new DropoutMask(1, replicate, layer, 0.5).Fill(values, step);
            return values;
        }
        var one = Drawn(1, "dropout1", 1);
        Assert.NotEqual(one, Drawn(2, "dropout1", 1));
        Assert.NotEqual(one, Drawn(1, "dropout2", 1));
        Assert.NotEqual(one, Drawn(1, "dropout1", 2));
    }
}
