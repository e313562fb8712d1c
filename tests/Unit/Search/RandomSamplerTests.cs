using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Tests.Unit.Search;

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
