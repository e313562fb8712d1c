using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>Adds up the samples of a feature or a channel, in 16 lanes and a fixed order on every processor.</summary>
internal static unsafe class Row
{
    private const int Lanes = SampleBatch.Lanes;

    /// <summary>The number of floats that are summed in float32. The sums of such stretches are added in double.</summary>
    private const int Stretch = 1024;

    /// <summary>Returns Σ over a channel of <paramref name="area"/> rows.</summary>
    public static float Sum(float* values, SampleBatch batch, int area)
    {
        double sum = 0;
        foreach (var (start, length) in Stretches(batch, area)) sum += Sum(values + start, length);
        return (float)sum;
    }

    /// <summary>Returns Σ (h − m)².</summary>
    public static float Squares(float* h, float mean, SampleBatch batch, int area)
    {
        double sum = 0;
        foreach (var (start, length) in Stretches(batch, area)) sum += Product(h + start, h + start, mean, mean, length);
        return (float)sum;
    }

    /// <summary>Returns Σ g·(h − m).</summary>
    public static float Product(float* g, float* h, float mean, SampleBatch batch, int area)
    {
        double sum = 0;
        foreach (var (start, length) in Stretches(batch, area)) sum += Product(g + start, h + start, 0, mean, length);
        return (float)sum;
    }

    /// <summary>Returns the sum of 16 lanes, by halves. Vector512.Sum promises no order.</summary>
    public static float Total(Vector512<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[2] + (quarter[1] + quarter[3]);
    }

    /// <summary>Cuts a channel into stretches. Rows that lie without a gap are read as one.</summary>
    private static IEnumerable<(nint Start, int Length)> Stretches(SampleBatch batch, int area)
    {
        int together = batch.Count == batch.Step ? Math.Max(1, Stretch / batch.Step) : 1;
        for (int row = 0; row < area; row += together) yield return ((nint)row * batch.Step, Math.Min(together, area - row) * batch.Count);
    }

    private static float Sum(float* values, int count)
    {
        Vector512<float> sum = default;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes) sum += Vector512.Load(values + i);
        float rest = 0;
        for (; i < count; i++) rest += values[i];
        return Total(sum) + rest;
    }

    /// <summary>Returns Σ (a − m)·(b − n).</summary>
    private static float Product(float* a, float* b, float m, float n, int count)
    {
        var (ms, ns) = (Vector512.Create(m), Vector512.Create(n));
        Vector512<float> sum = default;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i) - ms, Vector512.Load(b + i) - ns, sum);
        }
        float rest = 0;
        for (; i < count; i++) rest = MathF.FusedMultiplyAdd(a[i] - m, b[i] - n, rest);
        return Total(sum) + rest;
    }
}
