namespace Grains.Training.Explicit;

/// <summary>
/// Computes one step of a network with its derivative written out. The features of an image are (C, H, W), so that flattening it changes
/// nothing. Legend: F features, S samples; h its input, y its output, L the loss.
/// </summary>
internal abstract unsafe class ExplicitLayer : IDisposable
{
    /// <summary>The output y, which lasts until the next pass.</summary>
    public abstract float* Output { get; }

    public abstract void Reserve(SampleBatch batch);

    public abstract void Dispose();
}

/// <summary>A layer of which each output reads all inputs.</summary>
internal abstract unsafe class MixingLayer(int features) : ExplicitLayer
{
    private readonly FeatureBuffer _y_FS = new(features);

    public override float* Output => _y_FS.Data;

    protected int Features => features;

    public override void Reserve(SampleBatch batch) => _y_FS.Reserve(batch.Step);

    public abstract void Forward(Matrix h_FS, SampleBatch batch);

    /// <summary>Goes from ∂L/∂y to ∂L/∂h. The gradients of its own weights stay in their buffer.</summary>
    public abstract float* Backward(Matrix h_FS, float* gradient_FS, SampleBatch batch);

    public override void Dispose() => _y_FS.Dispose();
}

/// <summary>
/// A layer of which each channel reads its own channel only, so that a channel may pass through several such layers while it is in the
/// cache. A feature of a dense layer is a channel of one pixel.
/// </summary>
internal abstract unsafe class ChannelLayer(int channels, int area) : ExplicitLayer
{
    public int Count => channels;

    /// <summary>The number of pixels of a channel.</summary>
    public int Area => area;

    public abstract void Forward(float* h_FS, SampleBatch batch, Channels part);

    /// <summary>
    /// Goes from ∂L/∂y to ∂L/∂h of some channels, in the same memory where the shapes allow it. Both arguments start at channel 0.
    /// </summary>
    public abstract float* Backward(float* h_FS, float* gradient_FS, SampleBatch batch, Channels part);

    /// <summary>The number of floats before a channel.</summary>
    protected nint Place(int channel, SampleBatch batch) => (nint)channel * area * batch.Step;
}
