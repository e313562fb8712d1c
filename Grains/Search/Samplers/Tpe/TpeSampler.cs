using Grains.Search.Proposals;
using Grains.Search.Samplers.Sobol;

namespace Grains.Search.Samplers.Tpe;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011), multivariate as in BOHB (Falkner et al. 2018) and Optuna: densities of the
/// best tenth of the points and of the rest, and of some draws from the first the one with the largest ratio. Points under way count among
/// the rest ("constant liar"), so that what is proposed meanwhile lies elsewhere.
/// </summary>
/// <remarks>
/// Kernels have one width and seldom come close to an optimum, least on a bound. So every fourth point is one of the best three, moved by
/// a normal step that shrinks from .3 to .02 of the range over the search and is clipped at the bounds.
/// </remarks>
public sealed class TpeSampler : ISampler
{
    private const int PerRung = 10, Draws = 24, MostBelow = 25, Recent = 25, MovesEvery = 4, Parents = 3, Moves = 16;
    private const double Below = 0.1, FirstStep = 0.3, LastStep = 0.02;

    private readonly SobolSampler _startup = new();

    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        if (Evidence.Of(history, ask.Startup, PerRung) is not { } evidence) return _startup.Propose(space, history, ask);
        int[] ranked = evidence.Ranked();
        var wanted = ask.Index % MovesEvery == MovesEvery - 1
            ? Moved(space, evidence, ranked, ask) : Drawn(space, history, evidence, ranked, ask);
        return Fresh.Pick(space, history, ask, wanted);
    }

    private static IEnumerable<SearchPoint> Drawn(
        SearchSpace space, SearchHistory history, Evidence evidence, int[] ranked, Ask ask)
    {
        int below = Math.Min((int)Math.Ceiling(Below * ranked.Length), MostBelow);
        // Within each part the points stand in the order of their indices, so that the older ones count less.
        var good = Of(space, [.. ranked.Take(below).Order().Select(i => evidence.Points[i])]);
        var rest = Of(space, [.. ranked.Skip(below).Order().Select(i => evidence.Points[i]), .. history.Pending]);
        var stream = (ask with { Try = 0 }).Stream("tpe");
        var draws = new List<(double[] Unit, double Ratio)>();
        var snapped = new double[space.Dimensions.Length];
        for (int i = 0; i < Draws; i++)
        {
            double[] unit = good.Draw(stream);
            space.Snap(unit, snapped);
            draws.Add((unit, good.LogDensity(snapped) - rest.LogDensity(snapped)));
        }
        return draws.OrderByDescending(d => d.Ratio).Select(d => space.At(d.Unit));
    }

    private static IEnumerable<SearchPoint> Moved(SearchSpace space, Evidence evidence, int[] ranked, Ask ask)
    {
        var stream = (ask with { Try = 0 }).Stream("move");
        double step = FirstStep * Math.Pow(LastStep / FirstStep, Math.Min(1, (double)ask.Index / Math.Max(ask.Planned, 1)));
        var parent = evidence.Points[ranked[stream.NextInt(Math.Min(Parents, ranked.Length))]];
        for (int move = 0; move < Moves; move++)
        {
            double[] unit = [.. space.Dimensions.Select((d, i) => parent.Unit[i] is not { } u ? stream.NextDouble()
                : d.IsOrdered ? Math.Clamp(u + step * stream.NextNormal(), 0, 1) : stream.NextDouble() < step ? stream.NextDouble() : u)];
            yield return space.At(unit);
        }
    }

    /// <summary>The density of points: the latest count fully, and older ones less the older they are.</summary>
    private static Parzen Of(SearchSpace space, List<SearchPoint> points)
    {
        int n = points.Count, ramp = Math.Max(0, n - Recent);
        double[] weights = [.. Enumerable.Range(0, n)
            .Select(i => i >= ramp ? 1 : ramp == 1 ? 1.0 / n : 1.0 / n + (1 - 1.0 / n) * i / (ramp - 1))];
        return new Parzen(space, points, weights);
    }
}
