namespace Grains.Search.Numerics;

/// <summary>The value of a function, whose slope it writes.</summary>
internal delegate double Sloped(ReadOnlySpan<double> x, Span<double> slope);

/// <summary>
/// Minimizes a smooth function within bounds by limited-memory BFGS (Nocedal and Wright 2006, Algorithm 7.4), projected as Bertsekas 1982
/// does: a variable that its slope presses against a bound stays there, and each step is clipped to the bounds. So bounds are met exactly.
/// </summary>
internal static class BoundedDescent
{
    private const int Memory = 8, Halvings = 12;
    private const double Armijo = 1e-4;

    /// <summary>Moves <paramref name="x"/> to a local minimum.</summary>
    /// <param name="evaluations">The most evaluations of the function.</param>
    /// <param name="tolerance">It ends where no free slope is larger.</param>
    /// <returns>The value there.</returns>
    public static double Minimize(Sloped function, double[] x, double[] lower, double[] upper, int evaluations, double tolerance)
    {
        int n = x.Length;
        var slope = new double[n];
        double value = function(x, slope);
        var pairs = new List<(double[] Step, double[] Change)>();
        var next = new double[n];
        var nextSlope = new double[n];
        for (int used = 1; used < evaluations;)
        {
            var direction = Direction(x, slope, lower, upper, pairs);
            double largest = 0;
            for (int i = 0; i < n; i++) if (direction[i] != 0) largest = Math.Max(largest, Math.Abs(slope[i]));
            if (!(largest > tolerance)) break;

            double length = pairs.Count == 0 ? Math.Min(1, 1 / largest) : 1, nextValue = double.NaN;
            bool isLower = false;
            for (int halving = 0; halving < Halvings && used < evaluations && !isLower; halving++)
            {
                double expected = 0;
                for (int i = 0; i < n; i++)
                {
                    next[i] = Math.Clamp(x[i] + length * direction[i], lower[i], upper[i]);
                    expected += slope[i] * (next[i] - x[i]);
                }
                nextValue = function(next, nextSlope);
                used++;
                isLower = nextValue <= value + Armijo * expected;
                length *= double.IsFinite(nextValue) ? 0.4 : 0.1;
            }
            if (!isLower)
            {
                // A direction of bad memory is tried once more, straight down.
                if (pairs.Count == 0) break;
                pairs.Clear();
                continue;
            }

            double[] step = new double[n], change = new double[n];
            double curvature = 0, size = 0;
            for (int i = 0; i < n; i++)
            {
                (step[i], change[i]) = (next[i] - x[i], nextSlope[i] - slope[i]);
                curvature += step[i] * change[i];
                size += change[i] * change[i];
            }
            if (curvature > 1e-10 * size) pairs.Add((step, change));
            if (pairs.Count > Memory) pairs.RemoveAt(0);
            bool isFlat = value - nextValue <= 1e-9 * (1 + Math.Abs(value));
            next.CopyTo(x, 0);
            nextSlope.CopyTo(slope, 0);
            value = nextValue;
            if (isFlat) break;
        }
        return value;
    }

    /// <summary>The two-loop recursion over the free variables.</summary>
    private static double[] Direction(
        double[] x, double[] slope, double[] lower, double[] upper, List<(double[] Step, double[] Change)> pairs)
    {
        int n = x.Length;
        var free = new bool[n];
        var direction = new double[n];
        for (int i = 0; i < n; i++)
        {
            free[i] = !(x[i] <= lower[i] && slope[i] >= 0) && !(x[i] >= upper[i] && slope[i] <= 0);
            direction[i] = free[i] ? -slope[i] : 0;
        }
        var weights = new double[pairs.Count];
        var curvatures = new double[pairs.Count];
        double scale = 1;
        for (int k = pairs.Count - 1; k >= 0; k--)
        {
            var (step, change) = pairs[k];
            curvatures[k] = FreeDot(step, change, free);
            if (!(curvatures[k] > 0)) continue;
            if (scale == 1) scale = curvatures[k] / FreeDot(change, change, free);
            weights[k] = FreeDot(step, direction, free) / curvatures[k];
            for (int i = 0; i < n; i++) if (free[i]) direction[i] -= weights[k] * change[i];
        }
        for (int i = 0; i < n; i++) direction[i] *= scale;
        for (int k = 0; k < pairs.Count; k++)
        {
            if (!(curvatures[k] > 0)) continue;
            var (step, change) = pairs[k];
            double weight = weights[k] - FreeDot(change, direction, free) / curvatures[k];
            for (int i = 0; i < n; i++) if (free[i]) direction[i] += weight * step[i];
        }
        if (FreeDot(direction, slope, free) < 0) return direction;
        for (int i = 0; i < n; i++) direction[i] = free[i] ? -slope[i] : 0;
        return direction;
    }

    private static double FreeDot(double[] a, double[] b, bool[] free)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) if (free[i]) sum += a[i] * b[i];
        return sum;
    }
}
