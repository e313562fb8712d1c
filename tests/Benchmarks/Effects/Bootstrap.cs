using Grains.Interfaces.Model.Randomness;

namespace Benchmarks.Effects;

/// <summary>The bias-corrected and accelerated bootstrap interval of a mean (Efron 1987), to compare with.</summary>
internal static class Bootstrap
{
    private const int Resamples = 1000;
    private const double Quantile = 1.959963984540054;

    public static (double Low, double High) Bca(double[] values, long seed)
    {
        var stream = KeyedStream.Of(seed, 0, "bootstrap");
        double mean = values.Average();
        var means = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Length; j++) sum += values[stream.NextInt(values.Length)];
            means[i] = sum / values.Length;
        }
        Array.Sort(means);
        double below = Math.Clamp(means.Count(m => m < mean) + 0.5 * means.Count(m => m == mean), 0.5, Resamples - 0.5) / Resamples;
        double bias = NormalQuantile(below);
        // Leaving out one value moves the mean by its distance from the mean over n − 1: the signs of both sums cancel.
        double square = values.Sum(v => Math.Pow(v - mean, 2)), cube = values.Sum(v => Math.Pow(v - mean, 3));
        double acceleration = square > 0 ? cube / (6 * Math.Pow(square, 1.5)) : 0;
        return (At(-Quantile), At(Quantile));

        double At(double z) =>
            means[(int)Math.Clamp(Resamples * Normal(bias + (bias + z) / (1 - acceleration * (bias + z))), 0, Resamples - 1)];
    }

    private static double NormalQuantile(double p)
    {
        double low = -8, high = 8;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Normal(middle) < p) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>The standard normal distribution, to 7.5e-8 (Abramowitz and Stegun 26.2.17).</summary>
    private static double Normal(double x)
    {
        double t = 1 / (1 + 0.2316419 * Math.Abs(x));
        double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
