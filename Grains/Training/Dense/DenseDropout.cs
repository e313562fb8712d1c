using System.Runtime.Intrinsics;
using Grains.Training.Models;

namespace Grains.Training.Dense;

/// <summary>y = h ⊙ mask in training, y = h in evaluation. The mask is the autograd path's, which counts sample by sample.</summary>
internal sealed unsafe class DenseDropout(DropoutMask mask, int features) : DenseLayer(features)
{
    private readonly FeatureBuffer _mask_FS = new(features);
    private float[] _mask_BF = [];

    public override void Reserve(DenseBatch batch)
    {
        base.Reserve(batch);
        if (batch.Update is null) return;
        _mask_FS.Reserve(batch.Step);
        if (_mask_BF.Length < batch.Count * Features) _mask_BF = new float[batch.Count * Features];
    }

    public override void Forward(Matrix h_FS, DenseBatch batch)
    {
        float* h = h_FS.Data, y = Output(batch).Data, m = _mask_FS.Data;
        int count = Features * batch.Step;
        if (batch.Update is not { } update)
        {
            new ReadOnlySpan<float>(h, count).CopyTo(new(y, count));
            return;
        }
        mask.Fill(_mask_BF.AsSpan(0, batch.Count * Features), update);
        fixed (float* mask_BF = _mask_BF) Transposition.Run(new(mask_BF, Features, 1), batch.Count, Features, m, batch.Step);
        Multiply(h, m, y, count);
    }

    public override float* Backward(Matrix h_FS, float* gradient_FS, DenseBatch batch)
    {
        Multiply(gradient_FS, _mask_FS.Data, gradient_FS, Features * batch.Step);
        return gradient_FS;
    }

    public override void Dispose()
    {
        _mask_FS.Dispose();
        base.Dispose();
    }

    private static void Multiply(float* a, float* b, float* c, int count)
    {
        for (int i = 0; i < count; i += DenseBatch.Lanes) (Vector512.Load(a + i) * Vector512.Load(b + i)).Store(c + i);
    }
}
