namespace Grains.Analysis.Effects;

/// <summary>
/// Chooses the pairs that count: those of some configurations in some replicates, in all of which each of these configurations has its
/// pair. Only then are the means of two replicates means of the same thing. The choice looks at which pairs exist, never at their
/// differences, so that it leaves the interval's promise as it is.
/// </summary>
public static class BalancedBlock
{
    /// <summary>
    /// The block with the narrowest interval that may be expected if pairs were independent: t over the square root of their number. It is
    /// searched by taking away one replicate after the other.
    /// </summary>
    /// <param name="present">For each configuration, whether each replicate has its pair.</param>
    /// <returns>The places of configurations and replicates; both are empty where there is no pair.</returns>
    public static (int[] Configurations, int[] Replicates) Of(IReadOnlyList<bool[]> present)
    {
        int[] rows = [.. Enumerable.Range(0, present.Count).Where(s => present[s].Contains(true))];
        if (rows.Length == 0) return ([], []);
        var kept = Enumerable.Range(0, present[0].Length).Where(r => rows.Any(s => present[s][r])).ToList();
        int[] missing = [.. rows.Select(s => kept.Count(r => !present[s][r]))];
        (double Width, int[] Configurations, int[] Replicates) best = (double.PositiveInfinity, [], []);
        while (kept.Count > 0)
        {
            int whole = missing.Count(m => m == 0);
            double width = Width(whole, kept.Count);
            // With one replicate there is no interval, and the most pairs are the best.
            if (whole > 0 && (width < best.Width || (best.Configurations.Length < whole && double.IsInfinity(best.Width))))
                best = (width, [.. rows.Where((_, i) => missing[i] == 0)], [.. kept]);
            if (whole == rows.Length) break;
            int gone = Dispensable();
            kept.Remove(gone);
            for (int i = 0; i < rows.Length; i++)
                if (!present[rows[i]][gone]) missing[i]--;
        }
        return (best.Configurations, best.Replicates);

        // The replicate without which most configurations are whole; of equals the one that lacks most, and then the last.
        int Dispensable() => kept.OrderByDescending(r => rows.Where((s, i) => missing[i] == 1 && !present[s][r]).Count())
            .ThenByDescending(r => rows.Count(s => !present[s][r])).ThenByDescending(r => r).First();
    }

    private static double Width(int configurations, int replicates) => replicates < 2 || configurations == 0 ? double.PositiveInfinity
        : StudentT.Critical(0.05, replicates - 1) / Math.Sqrt((double)replicates * configurations);
}
