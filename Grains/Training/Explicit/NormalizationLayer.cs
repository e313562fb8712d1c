using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;

namespace Grains.Training.Explicit;

/// <summary>
/// Computes y = γ·x̂ + β with x̂ = (h − μ) / √(σ² + ε) (Ioffe and Szegedy 2015). The statistics are those of the batch and its pixels in
/// training, and the running ones in evaluation. The running variance takes the unbiased one, as torch's does. Legend: C channels, N
/// numbers of a channel.
/// </summary>
internal sealed unsafe class NormalizationLayer(
    BatchNorm settings, WeightPlace scale_C, WeightPlace shift_C, WeightPlace mean_C, WeightPlace variance_C, int channels, int area)
    : ChannelLayer(channels, area)
{
    private readonly FeatureBuffer _y_FS = new(channels * area);
    private readonly float[] _mean_C = new float[channels], _inverse_C = new float[channels];

    public override float* Output => _y_FS.Data;

    public override void Reserve(SampleBatch batch) => _y_FS.Reserve(batch.Step);

    public override void Forward(float* h_FS, SampleBatch batch, Channels part)
    {
        for (int c = part.First; c < part.End; c++)
        {
            float* h = h_FS + Place(c, batch);
            float mean = mean_C.Values[c], variance = variance_C.Values[c];
            if (batch.Update is not null)
            {
                float count = (float)Area * batch.Count, momentum = (float)settings.Momentum;
                mean = Row.Sum(h, batch, Area) / count;
                float squares = Row.Squares(h, mean, batch, Area);
                variance = squares / count;
                mean_C.Values[c] += momentum * (mean - mean_C.Values[c]);
                variance_C.Values[c] += momentum * ((squares / (count - 1)) - variance_C.Values[c]);
            }
            _mean_C[c] = mean;
            float inverse = _inverse_C[c] = 1 / MathF.Sqrt(variance + (float)settings.Epsilon);
            Affine(h, mean, scale_C.Values[c] * inverse, shift_C.Values[c], Output + Place(c, batch), (nint)Area * batch.Step);
        }
    }

    /// <summary>Computes ∂L/∂h = γ/√(σ² + ε) · (g − Σg/N − x̂·Σ(g·x̂)/N).</summary>
    public override float* Backward(float* h_FS, float* gradient_FS, SampleBatch batch, Channels part)
    {
        for (int c = part.First; c < part.End; c++)
        {
            float* g = gradient_FS + Place(c, batch), h = h_FS + Place(c, batch);
            float count = (float)Area * batch.Count, mean = _mean_C[c], inverse = _inverse_C[c];
            float sum = Row.Sum(g, batch, Area), product = Row.Product(g, h, mean, batch, Area) * inverse;
            shift_C.Gradient[c] = sum;
            scale_C.Gradient[c] = product;
            var (means, slopes, shifts) =
                (Vector512.Create(mean), Vector512.Create(product / count * inverse), Vector512.Create(sum / count));
            var factors = Vector512.Create(scale_C.Values[c] * inverse);
            for (float* end = g + ((nint)Area * batch.Step); g < end; g += SampleBatch.Lanes, h += SampleBatch.Lanes)
            {
                ((Vector512.Load(g) - shifts - ((Vector512.Load(h) - means) * slopes)) * factors).Store(g);
            }
        }
        return gradient_FS;
    }

    public override void Dispose() => _y_FS.Dispose();

    /// <summary>Computes y ← (h − mean)·factor + summand. A single sample of a dense layer is a row of one.</summary>
    private static void Affine(float* h, float mean, float factor, float summand, float* y, nint count)
    {
        if (count == 1)
        {
            *y = MathF.FusedMultiplyAdd(*h - mean, factor, summand);
            return;
        }
        var (means, factors, summands) = (Vector512.Create(mean), Vector512.Create(factor), Vector512.Create(summand));
        for (nint i = 0; i < count; i += SampleBatch.Lanes)
        {
            Vector512.FusedMultiplyAdd(Vector512.Load(h + i) - means, factors, summands).Store(y + i);
        }
    }
}
