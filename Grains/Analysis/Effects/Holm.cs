namespace Grains.Analysis.Effects;

/// <summary>
/// Corrects p values for the number of comparisons, whatever their dependence (Holm 1979). Among comparisons without any difference, the
/// probability that one of them is below 0.05 is then at most 0.05.
/// </summary>
public static class Holm
{
    /// <summary>The corrected values in the order of the given ones. A null is no comparison and stays null.</summary>
    public static double?[] Correct(IReadOnlyList<double?> values)
    {
        var corrected = new double?[values.Count];
        int[] ascending = [.. Enumerable.Range(0, values.Count).Where(i => values[i] is not null).OrderBy(i => values[i])];
        double least = 0;
        foreach (var (rank, i) in ascending.Index())
        {
            least = Math.Max(least, Math.Min(1, (ascending.Length - rank) * values[i]!.Value));
            corrected[i] = least;
        }
        return corrected;
    }
}
