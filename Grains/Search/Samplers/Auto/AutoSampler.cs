using Grains.Search.Samplers.GaussianProcess;
using Grains.Search.Samplers.Tpe;

namespace Grains.Search.Samplers.Auto;

/// <summary>
/// Chooses a sampler by the space and by how much is known. Up to <see cref="MostKnown"/> observations in up to
/// <see cref="MostDimensions"/> dimensions it is the Gaussian process, which needs the fewest trainings on the problems of
/// docs/benchmarks/search.md. Beyond that its model would look at a part of the observations only, and TPE looks at all of them for less.
/// </summary>
public sealed class AutoSampler : ISampler
{
    /// <summary>The most observations for which the Gaussian process proposes.</summary>
    public const int MostKnown = 400;

    /// <summary>The most dimensions in which the Gaussian process proposes.</summary>
    public const int MostDimensions = 40;

    private readonly GaussianProcessSampler _process = new();
    private readonly TpeSampler _tpe = new();

    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        bool isSmall = history.Observations.Length <= MostKnown && space.Dimensions.Length <= MostDimensions;
        return isSmall ? _process.Propose(space, history, ask) : _tpe.Propose(space, history, ask);
    }
}
