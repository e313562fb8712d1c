using MathNet.Numerics;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// The logarithm of the expected improvement below a value (Ament et al. 2023, "Unexpected improvements to expected improvement"). It has
/// a slope even where the improvement itself would be zero in double precision.
/// </summary>
/// <param name="Log">log E[max(0, best − f)].</param>
/// <param name="ByMean">Its derivative by the mean of f.</param>
/// <param name="ByDeviation">Its derivative by the standard deviation of f.</param>
internal readonly record struct Improvement(double Log, double ByMean, double ByDeviation)
{
    /// <summary>Below it the tail's continued fraction is used.</summary>
    private const double Tail = -5;

    private const int Depth = 40;

    private static readonly double s_logRoot = Math.Log(2 * Math.PI) / 2;

    public static Improvement Of(double mean, double deviation, double best)
    {
        double z = (best - mean) / deviation;
        if (z > Tail)
        {
            double density = Math.Exp(-z * z / 2 - s_logRoot), below = SpecialFunctions.Erfc(-z / Constants.Sqrt2) / 2;
            double h = density + z * below;
            return new(Math.Log(h) + Math.Log(deviation), -below / (h * deviation), density / (h * deviation));
        }
        // Mills' ratio is r = 1/(t + c) with c = 1/(t + 2/(t + 3/…)), and 1 − t·r = c·r loses no digits.
        double t = -z, c = 0;
        for (int k = Depth; k >= 1; k--) c = k / (t + c);
        double share = c / (t + c);
        return new(-z * z / 2 - s_logRoot + Math.Log(share) + Math.Log(deviation), -1 / (c * deviation), 1 / (share * deviation));
    }
}
