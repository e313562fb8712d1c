namespace Grains.Analysis.Effects;

/// <summary>
/// The mean of paired differences with its interval. Replicates are what is drawn at random, and configurations are given. So the
/// differences are first averaged within each replicate, and Student's t is taken over those averages, with one degree of freedom less than
/// there are replicates (docs/adr/0020).
/// </summary>
/// <param name="Low">The lower end of the 95 % interval; null with one replicate, or where replicates do not differ at all.</param>
/// <param name="P">The probability of a mean this far from 0 when there is no difference; null without an interval.</param>
/// <param name="Deviation">The deviation of the replicates' averages (n − 1); null with one replicate.</param>
public sealed record ReplicateInterval(double Mean, double? Low, double? High, double? P, double? Deviation)
{
    /// <summary>The share of the interval that the truth may lie outside of.</summary>
    public const double Level = 0.05;

    /// <summary>Averages that are equal but for rounding have no deviation from which an interval could be taken.</summary>
    private const double Rounding = 1e-12;

    /// <param name="averages">The average difference of each replicate, over the same configurations.</param>
    public static ReplicateInterval Of(IReadOnlyList<double> averages)
    {
        double mean = averages.Average();
        if (averages.Count < 2) return new(mean, null, null, null, null);
        double deviation = Math.Sqrt(averages.Sum(a => (a - mean) * (a - mean)) / (averages.Count - 1));
        if (deviation <= Rounding * averages.Max(Math.Abs)) return new(mean, null, null, null, 0);
        double error = deviation / Math.Sqrt(averages.Count), freedom = averages.Count - 1;
        double half = StudentT.Critical(Level, freedom) * error;
        return new(mean, mean - half, mean + half, StudentT.TwoSided(mean / error, freedom), deviation);
    }
}
