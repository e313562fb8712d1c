using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;

namespace Grains.Training.Dense;

/// <summary>
/// Ioffe and Szegedy 2015: y = γ·x̂ + β with x̂ = (h − μ) / √(σ² + ε), over the batch in training, by the running statistics in evaluation.
/// The running variance takes the unbiased one, as torch's does. Legend: N samples of the batch.
/// </summary>
internal sealed unsafe class DenseNormalization(BatchNorm settings, WeightPlace scale_F, WeightPlace shift_F, WeightPlace mean_F, WeightPlace variance_F, int features)
    : DenseLayer(features)
{
    private readonly FeatureBuffer _normalized_FS = new(features);
    private readonly float[] _inverse_F = new float[features];

    public override void Reserve(DenseBatch batch)
    {
        base.Reserve(batch);
        _normalized_FS.Reserve(batch.Step);
    }

    public override void Forward(Matrix h_FS, DenseBatch batch)
    {
        var y_FS = Output(batch);
        for (int f = 0; f < Features; f++)
        {
            nint row = (nint)f * batch.Step;
            float* h = h_FS.Data + row, x = _normalized_FS.Data + row;
            float mean = mean_F.Values[f], variance = variance_F.Values[f];
            if (batch.Update is not null)
            {
                mean = Row.Sum(h, batch.Count) / batch.Count;
                Affine(h, 1, -mean, x, batch.Step);
                float squares = Row.Product(x, x, batch.Count);
                variance = squares / batch.Count;
                float momentum = (float)settings.Momentum;
                mean_F.Values[f] += momentum * (mean - mean_F.Values[f]);
                variance_F.Values[f] += momentum * ((squares / (batch.Count - 1)) - variance_F.Values[f]);
            }
            float inverse = _inverse_F[f] = 1 / MathF.Sqrt(variance + (float)settings.Epsilon);
            Affine(h, inverse, -mean * inverse, x, batch.Step);
            Affine(x, scale_F.Values[f], shift_F.Values[f], y_FS.Data + row, batch.Step);
        }
    }

    /// <summary>∂L/∂h = γ/√(σ² + ε) · (g − Σg/N − x̂·Σ(g·x̂)/N).</summary>
    public override float* Backward(Matrix h_FS, float* gradient_FS, DenseBatch batch)
    {
        for (int f = 0; f < Features; f++)
        {
            float* g = gradient_FS + ((nint)f * batch.Step), x = _normalized_FS.Data + ((nint)f * batch.Step);
            float sum = Row.Sum(g, batch.Count), product = Row.Product(g, x, batch.Count);
            shift_F.Gradient[f] = sum;
            scale_F.Gradient[f] = product;
            float factor = scale_F.Values[f] * _inverse_F[f];
            var (mean, slope) = (Vector512.Create(sum / batch.Count), Vector512.Create(product / batch.Count));
            for (int s = 0; s < batch.Step; s += DenseBatch.Lanes) ((Vector512.Load(g + s) - mean - (Vector512.Load(x + s) * slope)) * factor).Store(g + s);
        }
        return gradient_FS;
    }

    public override void Dispose()
    {
        _normalized_FS.Dispose();
        base.Dispose();
    }

    /// <summary>to ← factor·from + summand. A single sample is a row of one.</summary>
    private static void Affine(float* from, float factor, float summand, float* to, int step)
    {
        if (step == 1)
        {
            *to = MathF.FusedMultiplyAdd(*from, factor, summand);
            return;
        }
        var (factors, summands) = (Vector512.Create(factor), Vector512.Create(summand));
        for (int s = 0; s < step; s += DenseBatch.Lanes) Vector512.FusedMultiplyAdd(Vector512.Load(from + s), factors, summands).Store(to + s);
    }
}
