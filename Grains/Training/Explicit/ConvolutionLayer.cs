using Grains.Interfaces.Model.Networks;

namespace Grains.Training.Explicit;

/// <summary>
/// Convolves by 3×3 with stride 1, so that the output is as large as the input. Legend: I inputs, O outputs, T the 9 taps, H W pixels, S
/// samples.
/// </summary>
/// <param name="isFirst">Whether its input is the images, whose ∂L/∂h nobody asks for.</param>
internal sealed unsafe class ConvolutionLayer(
    MatrixProduct product, Convolution layer, WeightPlace weight_OTI, WeightPlace bias_O, bool isFirst)
    : MixingLayer(layer.Output[0] * layer.Output[1] * layer.Output[2])
{
    private readonly int _area = layer.Output[1] * layer.Output[2];
    private readonly Winograd _winograd = new(product, layer.InputChannels, layer.Output[0], layer.Output[1], layer.Output[2]);

    /// <summary>The gradient of the input. In the first layer it is the images, which come sample by sample.</summary>
    private readonly FeatureBuffer _other_IHWS = new(layer.InputChannels * layer.Output[1] * layer.Output[2]);

    public override void Reserve(SampleBatch batch)
    {
        base.Reserve(batch);
        if (isFirst || batch.Update is not null) _other_IHWS.Reserve(batch.Step);
    }

    public override void Forward(Matrix h_IHWS, SampleBatch batch)
    {
        if (isFirst) Transposition.Run(h_IHWS.Transposed, batch.Count, _area, _other_IHWS.Data, batch.Step);
        _winograd.Forward(weight_OTI.Values, bias_O.Values, isFirst ? _other_IHWS.Data : h_IHWS.Data, Output, batch);
    }

    public override float* Backward(Matrix h_IHWS, float* gradient_OHWS, SampleBatch batch)
    {
        if (!isFirst) _winograd.Backward(gradient_OHWS, _other_IHWS.Data, batch);
        _winograd.Gradient(isFirst ? _other_IHWS.Data : h_IHWS.Data, gradient_OHWS, weight_OTI.Gradient, batch);
        for (int o = 0; o < layer.Output[0]; o++)
        {
            bias_O.Gradient[o] = Row.Sum(gradient_OHWS + ((nint)o * _area * batch.Step), batch, _area);
        }
        return _other_IHWS.Data;
    }

    public override void Dispose()
    {
        _winograd.Dispose();
        _other_IHWS.Dispose();
        base.Dispose();
    }
}
