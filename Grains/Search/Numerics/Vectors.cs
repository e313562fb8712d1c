using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Grains.Search.Numerics;

/// <summary>Sums over vectors, in an order that does not depend on the processor.</summary>
internal static class Vectors
{
    /// <summary>Σ a_i·b_i.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        Vector256<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nuint i = 0, n = (nuint)a.Length;
        for (; i + 16 <= n; i += 16)
        {
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i + 4), Vector256.LoadUnsafe(ref y, i + 4), sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i + 8), Vector256.LoadUnsafe(ref y, i + 8), sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i + 12), Vector256.LoadUnsafe(ref y, i + 12), sum3);
        }
        double total = Total(sum0 + sum1 + (sum2 + sum3));
        for (int k = (int)i; k < a.Length; k++) total = Math.FusedMultiplyAdd(a[k], b[k], total);
        return total;
    }

    /// <summary>Σ w_i·(x_i − here)².</summary>
    public static double WeightedSquares(ReadOnlySpan<double> weights, ReadOnlySpan<double> x, double here)
    {
        ref double w = ref MemoryMarshal.GetReference(weights), y = ref MemoryMarshal.GetReference(x);
        Vector256<double> sum0 = default, sum1 = default, center = Vector256.Create(here);
        nuint i = 0, n = (nuint)x.Length;
        for (; i + 8 <= n; i += 8)
        {
            var first = Vector256.LoadUnsafe(ref y, i) - center;
            var second = Vector256.LoadUnsafe(ref y, i + 4) - center;
            sum0 = Vector256.FusedMultiplyAdd(first * first, Vector256.LoadUnsafe(ref w, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(second * second, Vector256.LoadUnsafe(ref w, i + 4), sum1);
        }
        double total = Total(sum0 + sum1);
        for (int k = (int)i; k < x.Length; k++) total = Math.FusedMultiplyAdd((x[k] - here) * (x[k] - here), weights[k], total);
        return total;
    }

    /// <summary>Σ w_i over those i where x_i is another value than here.</summary>
    public static double WeightedDifferences(ReadOnlySpan<double> weights, ReadOnlySpan<double> x, double here)
    {
        double total = 0;
        for (int k = 0; k < x.Length; k++) if (x[k] != here) total += weights[k];
        return total;
    }

    private static double Total(Vector256<double> sum) => sum[0] + sum[1] + (sum[2] + sum[3]);
}
