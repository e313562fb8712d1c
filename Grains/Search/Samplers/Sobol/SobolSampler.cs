using Grains.Search.Proposals;

namespace Grains.Search.Samplers.Sobol;

/// <summary>
/// Proposes the points of one scrambled Sobol sequence by their index. They lie more evenly than random ones and leave no large part of the
/// space out. The other samplers start with them.
/// </summary>
public sealed class SobolSampler : ISampler
{
    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        var points = new SobolPoints(space, ask with { Index = 0 }, "sobol");
        return Fresh.Pick(space, history, ask, [space.At(points.Unit(ask.Index))]);
    }
}
