using System.Runtime.Intrinsics;

namespace Grains.Training.Dense;

/// <summary>Sums over the samples of one feature, in 16 lanes and a fixed order on every processor.</summary>
internal static unsafe class Row
{
    public static float Sum(float* values, int count)
    {
        Vector512<float> sum = default;
        int i = 0;
        for (; i <= count - DenseBatch.Lanes; i += DenseBatch.Lanes) sum += Vector512.Load(values + i);
        float rest = 0;
        for (; i < count; i++) rest += values[i];
        return Total(sum) + rest;
    }

    /// <summary>Σ a·b.</summary>
    public static float Product(float* a, float* b, int count)
    {
        Vector512<float> sum = default;
        int i = 0;
        for (; i <= count - DenseBatch.Lanes; i += DenseBatch.Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
        float rest = 0;
        for (; i < count; i++) rest = MathF.FusedMultiplyAdd(a[i], b[i], rest);
        return Total(sum) + rest;
    }

    /// <summary>Of 16 lanes, by halves: Vector512.Sum promises no order.</summary>
    public static float Total(Vector512<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[2] + (quarter[1] + quarter[3]);
    }
}
