using Grains.Search.Proposals;

namespace Grains.Search.Samplers.Grid;

/// <summary>Takes every distinct point of a finite space, the last parameter fastest.</summary>
public sealed class GridSampler : ISampler
{
    /// <exception cref="InvalidOperationException">The space has no end of points.</exception>
    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        double count = space.Count ?? throw new InvalidOperationException("A grid needs a space whose points can be counted.");
        return Fresh.Pick(space, history, ask, [space.GridPoint(ask.Index % count)]);
    }
}
