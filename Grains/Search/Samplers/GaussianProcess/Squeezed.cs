namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// Losses as a Gaussian process likes them. Bad losses lie far from good ones, and how far says little about where the best is, so that
/// the upper half is squeezed by a logarithm that sets in at a few times the median's distance from the best. Then mean 0 and variance 1.
/// </summary>
internal static class Squeezed
{
    private const double Onset = 4;

    public static double[] Of(double[] losses)
    {
        double[] sorted = [.. losses.Order()];
        double best = sorted[0], median = sorted[sorted.Length / 2], unit = median - best;
        if (!(unit > 0)) unit = sorted[^1] - median;
        if (!(unit > 0)) return new double[losses.Length];
        double[] values = [.. losses.Select(l => (l - median) / unit).Select(u => u > 0 ? Onset * Math.Log(1 + u / Onset) : u)];
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return [.. values.Select(v => (v - mean) / deviation)];
    }
}
