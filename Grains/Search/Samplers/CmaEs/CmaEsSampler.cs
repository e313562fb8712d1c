using Grains.Interfaces.Model.Randomness;
using Grains.Search.Proposals;
using Grains.Search.Samplers.Sobol;
using MathNet.Numerics.Distributions;

namespace Grains.Search.Samplers.CmaEs;

/// <summary>
/// The covariance matrix adaptation evolution strategy (Hansen 2016) in the unit cube. It begins at the best of the startup points. Its
/// state is made anew from the history: the losses in the order of their indices, a generation at a time. When it has converged, it starts again
/// at another place with twice the population (Auger and Hansen 2005, IPOP).
/// </summary>
/// <remarks>
/// Draws outside the bounds are the bounds. A dimension with few values keeps a margin, as in Hamano et al. 2022: the chance of leaving the
/// mean's value stays above 1/(d·λ), so that no value is lost for good. A dimension that does not act takes the mean's coordinate and so
/// teaches nothing. Words are drawn from shares that follow the best points and keep a margin too (Hamano et al. 2024, CatCMA).
/// </remarks>
public sealed class CmaEsSampler : ISampler
{
    private const int PerRung = 10, Draws = 8;

    private readonly SobolSampler _startup = new();

    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        int[] ordered =
            [.. Enumerable.Range(0, space.Dimensions.Length).Where(i => space.Dimensions[i] is { IsOrdered: true, Count: > 1 })];
        if (Evidence.Of(history, ask.Startup, PerRung) is not { } evidence) return _startup.Propose(space, history, ask);
        var words = new WordShares(space);
        var evolution = ordered.Length == 0 ? null : Replayed(space, ordered, evidence, words, ask);
        if (evolution is null) words.Learn(evidence.Ranked().Take(Math.Max(1, evidence.Points.Length / 4)).Select(i => evidence.Points[i]));
        var stream = (ask with { Try = 0 }).Stream("cma");
        return Fresh.Pick(space, history, ask, Enumerable.Range(0, Draws).Select(_ => Drawn(space, ordered, evolution, words, stream)));
    }

    private static Evolution Replayed(SearchSpace space, int[] ordered, Evidence evidence, WordShares words, Ask ask)
    {
        int n = evidence.Points.Length, first = Math.Clamp(ask.Startup, 1, n);
        int best = Enumerable.Range(0, first).MinBy(i => evidence.Losses[i]);
        var evolution = new Evolution(
            [.. ordered.Select(d => evidence.Points[best].Unit[d] ?? 0.5)], 4 + (int)(3 * Math.Log(ordered.Length)));
        int restarts = 0;
        for (int at = first; at + evolution.Population <= n; at += evolution.Population)
        {
            int[] ranked = [.. Enumerable.Range(at, evolution.Population).OrderBy(i => evidence.Losses[i]).ThenBy(i => i)];
            evolution.Learn([.. ranked.Select(i => ordered.Select((d, k) => evidence.Points[i].Unit[d] ?? evolution.Mean[k]).ToArray())]);
            words.Learn(ranked.Take(evolution.Population / 2).Select(i => evidence.Points[i]));
            if (!evolution.IsDone) continue;
            double[] start = Fresh.Uniform(space, (ask with { Index = ++restarts, Try = 0 }).Stream("restart"));
            evolution = new Evolution([.. ordered.Select(d => start[d])], evolution.Population * 2);
        }
        return evolution;
    }

    private static SearchPoint Drawn(SearchSpace space, int[] ordered, Evolution? evolution, WordShares words, KeyedStream stream)
    {
        var unit = new double[space.Dimensions.Length];
        double[] drawn = evolution?.Draw(stream) ?? [];
        for (int k = 0; k < ordered.Length; k++)
        {
            double mean = evolution!.Mean[k], widening = Widening(space.Dimensions[ordered[k]], mean, evolution, k, ordered.Length);
            unit[ordered[k]] = Math.Clamp(mean + widening * (drawn[k] - mean), 0, 1);
        }
        words.Draw(stream, unit);
        return space.At(unit);
    }

    /// <summary>The factor by which a coordinate's deviation grows so that its values keep their margin.</summary>
    private static double Widening(Dimension dimension, double mean, Evolution evolution, int coordinate, int dimensions)
    {
        if (double.IsInfinity(dimension.Count)) return 1;
        double index = dimension.IndexAt(mean), here = dimension.UnitAt(index), distance = double.PositiveInfinity;
        foreach (double next in new[] { index - 1, index + 1 })
        {
            if (next >= 0 && next < dimension.Count)
                distance = Math.Min(distance, Math.Abs((here + dimension.UnitAt(next)) / 2 - mean));
        }
        double margin = 1.0 / (dimensions * evolution.Population);
        return Math.Max(1, distance / Normal.InvCDF(0, 1, 1 - margin) / Math.Max(evolution.DeviationOf(coordinate), 1e-12));
    }
}
