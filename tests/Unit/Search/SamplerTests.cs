using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Tests.Unit.Search;

public sealed class GridSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Grid);

    protected override bool IsEndless => false;

    [Fact]
    public void TheLastParameterRunsFastest()
    {
        var space = Spaces.Of(Spaces.Words("kind", "a", "b"), Spaces.Whole("n", 1, 3));
        Assert.Equal(["a1", "a2", "a3", "b1", "b2", "b3"], Searched(space, 6, Bowl).Select(p => $"{p.Settings["kind"]}{p.Settings["n"]}"));
    }
}

public sealed class RandomSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Random);

    [Fact]
    public void AnotherParameterLeavesTheDrawsOfTheOthers()
    {
        var few = Searched(Spaces.Of(Spaces.Real("x", 0, 1)), 10, Bowl);
        var more = Searched(Spaces.Of(Spaces.Real("y", 0, 1), Spaces.Real("x", 0, 1)), 12, Bowl);
        Assert.Equal(few.Select(p => p.Settings["x"]), more.Take(10).Select(p => p.Settings["x"]));
    }

    /// <summary>A flat space with its duplicates dropped would give the larger branch nearly all of the draws.</summary>
    [Fact]
    public void BranchesOfAConditionalSpaceHaveEqualShares()
    {
        var points = Searched(Spaces.Conditional(), 400, Bowl);
        Assert.InRange(points.Count(p => p.Settings["model"].ToString() == "net"), 160, 240);
    }
}

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

public sealed class GaussianProcessSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Gp);
}

public sealed class TpeSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Tpe);
}

public sealed class CmaEsSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.CmaEs);
}

public sealed class AutoSamplerTests : SamplerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Auto);
}
