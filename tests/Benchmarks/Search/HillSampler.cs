using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Benchmarks.Search;

/// <summary>
/// The baseline: 16 Sobol points, then one of the best three with all coordinates moved by a normal step that shrinks from .3 to .02 over
/// the search, clipped at the bounds. A sampler that loses to it is broken (../shared/search/findings.md).
/// </summary>
internal sealed class HillSampler : ISampler
{
    private const int Startup = 16, Parents = 3;

    private readonly ISampler _sobol = SamplerOf.Kind(SamplerKind.Sobol);

    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        if (history.Observations.Length < Startup) return _sobol.Propose(space, history, ask);
        var stream = ask.Stream("hill");
        var parent = history.Observations.OrderBy(o => o.Loss).ElementAt(stream.NextInt(Parents)).Point;
        double size = 0.3 * Math.Pow(0.02 / 0.3, (double)ask.Index / ask.Planned);
        double[] unit = [.. space.Dimensions.Select((d, i) => parent.Unit[i] is not { } u ? stream.NextDouble()
            : d.IsOrdered ? Math.Clamp(u + size * stream.NextNormal(), 0, 1) : stream.NextDouble() < size ? stream.NextDouble() : u)];
        return space.At(unit);
    }
}
