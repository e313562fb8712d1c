using System.Collections.Immutable;

namespace Grains.Search.Proposals;

/// <summary>
/// The losses that a model of the results learns from: those after the most epochs at which there are enough of them. As BOHB (Falkner et
/// al. 2018) does, it looks at one rung alone, since losses of different rungs do not compare.
/// </summary>
/// <remarks>
/// A point that was stopped before the rung would be unknown to the model, which would propose its neighborhood again and again. So it
/// counts with its last loss, moved by what others gained from there to the rung (the median), but never as better than the rung's median.
/// </remarks>
internal sealed record Evidence(ImmutableArray<SearchPoint> Points, double[] Losses)
{
    /// <summary>The evidence in a history; null where there is too little.</summary>
    /// <param name="startup">The finite losses that are enough where all points were trained alike.</param>
    /// <param name="perRung">The finite losses that make a rung count where there are several.</param>
    public static Evidence? Of(SearchHistory history, int startup, int perRung)
    {
        var rungs = history.Observations.GroupBy(o => o.Epochs).OrderByDescending(g => g.Key).ToList();
        int enough = Math.Max(2, rungs.Count == 1 ? startup : perRung);
        if (rungs.FirstOrDefault(g => g.Count(o => double.IsFinite(o.Loss)) >= enough) is not { } rung) return null;

        var here = rung.ToDictionary(o => o.Index);
        double median = Median([.. here.Values.Select(o => o.Loss).Where(double.IsFinite)]);
        var points = here.Values.Select(o => (o.Point, o.Loss, o.Index)).ToList();
        var stopped = history.Observations.Where(o => o.Epochs < rung.Key && !here.ContainsKey(o.Index)).GroupBy(o => o.Index)
            .Select(g => g.MaxBy(o => o.Epochs)!).ToList();
        foreach (var last in stopped.GroupBy(o => o.Epochs))
        {
            double[] gains = [.. rungs.First(g => g.Key == last.Key).Where(o => here.ContainsKey(o.Index))
                .Select(o => here[o.Index].Loss - o.Loss).Where(double.IsFinite)];
            double gain = gains.Length == 0 ? 0 : Median(gains);
            points.AddRange(last.Select(o => (o.Point, Math.Max(o.Loss + gain, median), o.Index)));
        }
        points.Sort((a, b) => a.Index.CompareTo(b.Index));
        return new Evidence([.. points.Select(p => p.Point)], Finite([.. points.Select(p => p.Loss)]));
    }

    /// <summary>The numbers of the points, the best first.</summary>
    public int[] Ranked() => [.. Enumerable.Range(0, Losses.Length).OrderBy(i => Losses[i]).ThenBy(i => i)];

    /// <summary>A point that diverged counts as worse than the worst, by as much as that is worse than the median.</summary>
    private static double[] Finite(double[] losses)
    {
        double[] finite = [.. losses.Where(double.IsFinite)];
        double worst = finite.Max(), median = Median(finite), beyond = worst + (worst > median ? worst - median : 1);
        if (!double.IsFinite(beyond)) beyond = double.MaxValue;
        return [.. losses.Select(l => double.IsFinite(l) ? l : beyond)];
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2] / 2 + values[(values.Length - 1) / 2] / 2;
    }
}
