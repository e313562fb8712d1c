namespace Grains.Training.Dense;

/// <summary>One step of a dense network with its derivative written out. Legend: F features, S samples; h its input, y its output, L the loss.</summary>
internal abstract unsafe class DenseLayer(int features) : IDisposable
{
    private readonly FeatureBuffer _y_FS = new(features);

    public int Features => features;

    /// <summary>Until the next pass.</summary>
    public Matrix Output(DenseBatch batch) => new(_y_FS.Data, batch.Step, 1);

    public virtual void Reserve(DenseBatch batch) => _y_FS.Reserve(batch.Step);

    public abstract void Forward(Matrix h_FS, DenseBatch batch);

    /// <summary>From ∂L/∂y to ∂L/∂h, in the same memory where the shapes allow it. The gradients of its own weights stay in their buffer.</summary>
    public abstract float* Backward(Matrix h_FS, float* gradient_FS, DenseBatch batch);

    public virtual void Dispose() => _y_FS.Dispose();
}
