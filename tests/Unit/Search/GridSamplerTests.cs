using Grains.Interfaces.Model;
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
