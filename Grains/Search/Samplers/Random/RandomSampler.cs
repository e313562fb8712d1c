using Grains.Search.Proposals;

namespace Grains.Search.Samplers.Random;

/// <summary>
/// Draws each parameter on its own (Bergstra and Bengio 2012). A draw is a function of the seed, the parameter's name and the index, so
/// that another parameter, or more points, leave the others as they are.
/// </summary>
public sealed class RandomSampler : ISampler
{
    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        var plain = ask with { Try = 0 };
        double[] unit = [.. space.Dimensions.Select(d => plain.Stream($"random {d.Name}").NextDouble())];
        return Fresh.Pick(space, history, ask, [space.At(unit)]);
    }
}
