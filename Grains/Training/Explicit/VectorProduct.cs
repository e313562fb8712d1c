using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>
/// Computes products of a batch of one, where a matrix is read once and memory is the limit. Rows may be of any length. The sums run in 16
/// lanes, whatever the processor has. Legend: I inputs, O outputs, w (O, I).
/// </summary>
internal static unsafe class VectorProduct
{
    private const int Lanes = 16;

    /// <summary>Computes y ← w·x.</summary>
    public static void Multiply(float* w_OI, float* x_I, float* y_O, int outputs, int inputs)
    {
        int o = 0;
        for (; o <= outputs - 4; o += 4)
        {
            float* w0 = w_OI + ((nint)o * inputs), w1 = w0 + inputs, w2 = w1 + inputs, w3 = w2 + inputs;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            int i = 0;
            for (; i <= inputs - Lanes; i += Lanes)
            {
                var x = Vector512.Load(x_I + i);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Load(w0 + i), x, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Load(w1 + i), x, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Load(w2 + i), x, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Load(w3 + i), x, s3);
            }
            y_O[o] = Row.Total(s0) + Tail(w0, x_I, i, inputs);
            y_O[o + 1] = Row.Total(s1) + Tail(w1, x_I, i, inputs);
            y_O[o + 2] = Row.Total(s2) + Tail(w2, x_I, i, inputs);
            y_O[o + 3] = Row.Total(s3) + Tail(w3, x_I, i, inputs);
        }
        for (; o < outputs; o++)
        {
            float* w = w_OI + ((nint)o * inputs);
            Vector512<float> s = default;
            int i = 0;
            for (; i <= inputs - Lanes; i += Lanes) s = Vector512.FusedMultiplyAdd(Vector512.Load(w + i), Vector512.Load(x_I + i), s);
            y_O[o] = Row.Total(s) + Tail(w, x_I, i, inputs);
        }
    }

    /// <summary>Computes x ← wᵀ·y.</summary>
    public static void MultiplyTransposed(float* w_OI, float* y_O, float* x_I, int outputs, int inputs)
    {
        new Span<float>(x_I, inputs).Clear();
        for (int o = 0; o < outputs; o++) AddScaled(w_OI + ((nint)o * inputs), y_O[o], x_I, inputs);
    }

    /// <summary>Computes w ← y·xᵀ.</summary>
    public static void Outer(float* y_O, float* x_I, float* w_OI, int outputs, int inputs)
    {
        for (int o = 0; o < outputs; o++)
        {
            float* w = w_OI + ((nint)o * inputs);
            float y = y_O[o];
            int i = 0;
            for (; i <= inputs - Lanes; i += Lanes) (Vector512.Load(x_I + i) * y).Store(w + i);
            for (; i < inputs; i++) w[i] = x_I[i] * y;
        }
    }

    private static void AddScaled(float* from, float factor, float* to, int count)
    {
        var factors = Vector512.Create(factor);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512.FusedMultiplyAdd(Vector512.Load(from + i), factors, Vector512.Load(to + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(from[i], factor, to[i]);
    }

    private static float Tail(float* w, float* x, int from, int to)
    {
        float sum = 0;
        for (int i = from; i < to; i++) sum = MathF.FusedMultiplyAdd(w[i], x[i], sum);
        return sum;
    }
}
