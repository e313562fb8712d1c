namespace Grains.Interfaces.Model.Specs;

/// <summary>The values of a range that has a step: Min + k·Step for k from 0.</summary>
public static class RangeSteps
{
    /// <summary>The number of values. The quotient (0.3 − 0) / 0.1 is 2.9999…, so a hair is forgiven.</summary>
    public static double Count(double min, double max, double step) => Math.Floor((max - min) / step + 1e-9) + 1;

    /// <summary>
    /// The value number <paramref name="k"/>. The sum is taken in decimal, so that 0 + 3·0.1 is the 0.3 that a person would write, with the
    /// same digest.
    /// </summary>
    public static double Value(double min, double max, double step, double k)
    {
        bool fits = step > 1e-12 && Math.Abs(min) < 1e12 && Math.Abs(max) < 1e12 && k < 1e12;
        return Math.Min(fits ? (double)((decimal)min + (decimal)k * (decimal)step) : min + k * step, max);
    }
}
