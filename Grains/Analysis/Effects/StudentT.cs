namespace Grains.Analysis.Effects;

/// <summary>Student's t, and the power of its two-sided test.</summary>
public static class StudentT
{
    private const int Steps = 400;

    /// <summary>The probability of a value at least as far from 0 as this one, on either side.</summary>
    /// <param name="freedom">The degrees of freedom, at least 1.</param>
    public static double TwoSided(double t, double freedom)
    {
        if (double.IsInfinity(t)) return 0;
        return IncompleteBeta.Regularized(freedom / 2, 0.5, freedom / (freedom + t * t));
    }

    /// <summary>The value that is exceeded on either side with the given probability: 0.05 and 2 give 4.303.</summary>
    public static double Critical(double probability, double freedom)
    {
        double low = 0, high = 1;
        while (TwoSided(high, freedom) > probability) high *= 2;
        for (int i = 0; i < 100 && high - low > 1e-12 * high; i++)
        {
            double middle = (low + high) / 2;
            if (TwoSided(middle, freedom) > probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>
    /// The probability that the two-sided test of a mean finds a difference: the two tails of the noncentral t, integrated over the
    /// distribution of the estimated deviation.
    /// </summary>
    /// <param name="size">The true mean in true deviations.</param>
    /// <param name="count">The number of values, at least 2.</param>
    /// <param name="level">The level of the test, such as 0.05.</param>
    public static double Power(double size, int count, double level)
    {
        double freedom = count - 1, shift = Math.Abs(size) * Math.Sqrt(count), critical = Critical(level, freedom);
        // The estimate over the truth is √(χ²/ν): its density is below, and eight of its deviations hold all that a double can tell.
        double reach = 8 / Math.Sqrt(2 * freedom), from = Math.Max(0, 1 - reach), to = 1 + reach, step = (to - from) / Steps;
        double scale = Math.Log(2) + freedom / 2 * Math.Log(freedom / 2) - IncompleteBeta.LogGamma(freedom / 2);
        double sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double s = from + i * step;
            double log = freedom > 1 ? (freedom - 1) * Math.Log(s) : 0;
            double density = Math.Exp(scale + log - freedom * s * s / 2);
            double found = Normal(shift - critical * s) + Normal(-critical * s - shift);
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * density * found;
        }
        return Math.Clamp(sum * step / 3, 0, 1);
    }

    /// <summary>The smallest number of values with which the test finds the difference with this power; null beyond the most.</summary>
    public static int? CountFor(double size, double power, double level, int most)
    {
        if (!(Math.Abs(size) > 0) || Power(size, most, level) < power) return null;
        int low = 1, high = most;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (Power(size, middle, level) < power) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>The standard normal distribution, to 1.2e-7 of the smaller tail (Press et al. 2007, 6.2.2).</summary>
    private static double Normal(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2), t = 1 / (1 + z / 2);
        double tail = t / 2 * Math.Exp(-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
            + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))));
        return x >= 0 ? 1 - tail : tail;
    }
}
