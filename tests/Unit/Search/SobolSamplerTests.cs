using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Tests.Unit.Search;

public sealed class SobolSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Sobol);

    [Fact]
    public void EveryIntervalOfAPowerOfTwoHasOnePoint()
    {
        var space = Spaces.Of([.. Enumerable.Range(0, 40).Select(i => Spaces.Real($"x{i}", 0, 1))]);
        var points = Searched(space, 64, Bowl);
        for (int d = 0; d < 40; d++)
            Assert.Equal(Enumerable.Range(0, 64), points.Select(p => (int)(p.Unit[d]!.Value * 64)).Order());
    }

    /// <summary>The first pairs of dimensions fill every elementary box too.</summary>
    [Fact]
    public void TwoDimensionsFillEveryBox()
    {
        var points = Searched(Spaces.Of(Spaces.Real("x", 0, 1), Spaces.Real("y", 0, 1)), 64, Bowl);
        Assert.Equal(64, points.Select(p => ((int)(p.Unit[0]!.Value * 8), (int)(p.Unit[1]!.Value * 8))).Distinct().Count());
    }

    [Fact]
    public void MoreDimensionsThanTheTableHasAreServed()
    {
        var space = Spaces.Of([.. Enumerable.Range(0, 300).Select(i => Spaces.Real($"x{i}", 0, 1))]);
        Assert.Equal(300, Searched(space, 3, Bowl)[2].Unit.Distinct().Count());
    }
}
