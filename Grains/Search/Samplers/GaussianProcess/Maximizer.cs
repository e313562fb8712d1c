using Grains.Search.Numerics;
using Grains.Search.Samplers.Sobol;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// Looks for the points with the largest expected improvement. As Optuna's does (optuna/_gp/optim_mixed.py), it looks at many points that
/// cover the space, adds neighbors of the best known ones, and climbs from a few: along the slope in all continuous dimensions within their
/// bounds, in turn with looking at all values of each discrete one. A whole number with many values is continuous first and then rounded.
/// </summary>
internal sealed class Maximizer
{
    private const int Spread = 1024, Near = 512, Starts = 6, Rounds = 4, Evaluations = 40, MostListed = 16, MostResults = 64;

    private readonly SearchSpace _space;
    private readonly Encoding _encoding;
    private readonly Model _model;
    private readonly double _best;
    private readonly Ask _ask;
    private readonly List<Candidate> _candidates = [];

    /// <param name="best">The value to improve on.</param>
    public Maximizer(SearchSpace space, Encoding encoding, Model model, double best, Ask ask) =>
        (_space, _encoding, _model, _best, _ask) = (space, encoding, model, best, ask with { Try = 0 });

    /// <summary>The best points, the most promising first.</summary>
    /// <param name="known">The best observed points, from which it climbs too.</param>
    public IEnumerable<SearchPoint> Best(IReadOnlyList<SearchPoint> known)
    {
        var kept = known.Select(p => p.Unit.Select(u => u ?? 0.5).ToArray()).ToList();
        var sobol = new SobolPoints(_space, _ask, "candidates");
        var units = Enumerable.Range(0, Spread).Select(sobol.Unit).Concat(Neighbors(kept)).ToList();
        _candidates.AddRange(Valued(units));
        var climbed = Chosen().Concat(Valued(kept)).Select(Climbed).ToList();
        return climbed.Concat(_candidates).OrderByDescending(c => c.Value).Take(MostResults).Select(c => _space.At(c.Unit));
    }

    /// <summary>Moves about half of the coordinates of a good point by a step that is small or large.</summary>
    private IEnumerable<double[]> Neighbors(List<double[]> known)
    {
        var stream = _ask.Stream("neighbors");
        for (int i = 0; known.Count > 0 && i < Near; i++)
        {
            double[] unit = [.. known[i % known.Count]];
            double size = 0.3 * Math.Pow(0.03, stream.NextDouble());
            for (int d = 0; d < unit.Length; d++)
            {
                if (stream.NextDouble() < 0.5) continue;
                unit[d] = _space.Dimensions[d].IsOrdered ? Math.Clamp(unit[d] + size * stream.NextNormal(), 0, 1) : stream.NextDouble();
            }
            yield return unit;
        }
    }

    private List<Candidate> Valued(List<double[]> units)
    {
        var features = units.Select(Features).ToList();
        var means = new double[units.Count];
        var deviations = new double[units.Count];
        _model.At(features, means, deviations);
        return units.Select((u, i) => new Candidate(u, Improvement.Of(means[i], deviations[i], _best).Log)).ToList();
    }

    private double[] Features(double[] unit)
    {
        var snapped = new double[unit.Length];
        var features = new double[_encoding.Size];
        _space.Snap(unit, snapped);
        _encoding.Write(snapped, features);
        return features;
    }

    /// <summary>The best candidate, and others drawn in proportion to their expected improvement.</summary>
    private List<Candidate> Chosen()
    {
        var stream = _ask.Stream("roulette");
        var chosen = new List<Candidate> { _candidates.MaxBy(c => c.Value)! };
        double most = chosen[0].Value;
        double[] weights = [.. _candidates.Select(c => c == chosen[0] ? 0 : Math.Exp(c.Value - most))];
        for (int k = 1; k < Starts; k++)
        {
            double left = stream.NextDouble() * weights.Sum();
            if (!(left > 0)) break;
            int i = 0;
            while (i < weights.Length - 1 && (left -= weights[i]) >= 0) i++;
            chosen.Add(_candidates[i]);
            weights[i] = 0;
        }
        return chosen;
    }

    private Candidate Climbed(Candidate start)
    {
        var best = start;
        for (int round = 0; round < Rounds; round++)
        {
            var moved = Listed(Slid(best));
            if (!(moved.Value > best.Value + 1e-6)) return moved.Value > best.Value ? moved : best;
            best = moved;
        }
        return best;
    }

    /// <summary>Climbs along the slope in the continuous dimensions that act.</summary>
    private Candidate Slid(Candidate start)
    {
        var snapped = new double[start.Unit.Length];
        _space.Snap(start.Unit, snapped);
        int[] free = [.. Enumerable.Range(0, _encoding.Size).Where(f => IsContinuous(_encoding.DimensionOf(f))
            && !double.IsNaN(snapped[_encoding.DimensionOf(f)]))];
        if (free.Length == 0) return start;

        // Lengths of the kernel become alike, which makes the climb short.
        double[] scales = [.. free.Select(f => Math.Clamp(Math.Sqrt(_model.Kernel.Weights[f]), 0.3, 30))];
        double[] features = Features(start.Unit), meanSlope = new double[features.Length], deviationSlope = new double[features.Length];
        double[] x = [.. free.Select((f, i) => features[f] * scales[i])];
        BoundedDescent.Minimize(Value, x, new double[free.Length], scales, Evaluations, 1e-3);

        double[] unit = [.. start.Unit];
        for (int i = 0; i < free.Length; i++) unit[_encoding.DimensionOf(free[i])] = Math.Clamp(x[i] / scales[i], 0, 1);
        var moved = Valued([unit]).Single();
        return moved.Value > start.Value ? moved : start;

        double Value(ReadOnlySpan<double> at, Span<double> slope)
        {
            for (int i = 0; i < free.Length; i++) features[free[i]] = Math.Clamp(at[i] / scales[i], 0, 1);
            var (mean, deviation) = _model.At(features, meanSlope, deviationSlope);
            var improvement = Improvement.Of(mean, deviation, _best);
            for (int i = 0; i < free.Length; i++)
            {
                slope[i] = -(improvement.ByMean * meanSlope[free[i]] + improvement.ByDeviation * deviationSlope[free[i]]) / scales[i];
            }
            return -improvement.Log;
        }
    }

    /// <summary>Takes the best value of one discrete dimension after the other, and the best neighbor among many whole numbers.</summary>
    private Candidate Listed(Candidate start)
    {
        var best = start;
        for (int f = 0; f < _encoding.Size; f++)
        {
            int d = _encoding.DimensionOf(f);
            var dimension = _space.Dimensions[d];
            if (double.IsInfinity(dimension.Count)) continue;
            double here = dimension.IndexAt(best.Unit[d]);
            var indices = dimension.Count <= MostListed ? Enumerable.Range(0, (int)dimension.Count).Select(i => (double)i)
                : dimension.IsOrdered ? new[] { here - 2, here - 1, here + 1, here + 2 }.Where(i => i >= 0 && i < dimension.Count)
                : Enumerable.Range(0, MostListed).Select(i => Math.Floor(i * dimension.Count / MostListed));
            var options = indices.Where(i => i != here).Select(i =>
            {
                double[] unit = [.. best.Unit];
                unit[d] = dimension.UnitAt(i);
                return unit;
            }).ToList();
            if (options.Count == 0) continue;
            var option = Valued(options).MaxBy(c => c.Value)!;
            if (option.Value > best.Value) best = option;
        }
        return best;
    }

    private bool IsContinuous(int dimension) => _space.Dimensions[dimension] is { IsOrdered: true, Count: > MostListed };

    /// <summary>Coordinates, also of dimensions that do not act, and the logarithm of the expected improvement.</summary>
    private sealed record Candidate(double[] Unit, double Value);
}
