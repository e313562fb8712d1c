namespace Grains.Analysis.Effects;

/// <summary>The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22).</summary>
internal static class IncompleteBeta
{
    private const int MostTerms = 500;
    private const double Enough = 1e-15, Tiny = 1e-300;

    private static readonly double[] s_lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <param name="x">From 0 to 1.</param>
    public static double Regularized(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        // Beyond this point the fraction of the mirrored function converges faster.
        return x < (a + 1) / (a + b + 2) ? Front(a, b, x) * Fraction(a, b, x) / a : 1 - Front(b, a, 1 - x) * Fraction(b, a, 1 - x) / b;
    }

    /// <summary>The logarithm of the gamma function for positive numbers (Lanczos 1964, g = 7).</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        double sum = s_lanczos[0], t = x + 6.5;
        for (int i = 1; i < s_lanczos.Length; i++) sum += s_lanczos[i] / (x - 1 + i);
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }

    private static double Front(double a, double b, double x) =>
        Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));

    /// <summary>Evaluates the fraction from its front (Lentz 1976).</summary>
    private static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / Away(1 - (a + b) * x / (a + 1)), value = d;
        for (int m = 1; m <= MostTerms; m++)
        {
            Step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
            double before = value;
            Step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
            if (Math.Abs(value - before) < Enough * Math.Abs(value)) break;
        }
        return value;

        void Step(double term)
        {
            d = 1 / Away(1 + term * d);
            c = Away(1 + term / c);
            value *= d * c;
        }
    }

    private static double Away(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
