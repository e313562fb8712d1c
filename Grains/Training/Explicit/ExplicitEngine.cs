using System.Collections.Immutable;
using Grains.Interfaces.Model.Networks;
using Grains.Training.Engines;
using Grains.Training.Models;
using Grains.Training.Optimizers;

namespace Grains.Training.Explicit;

/// <summary>
/// Computes networks in float32 without autograd and without torch's operators. Inside, a row is a feature and the samples lie side by
/// side. So no product needs a transposed weight, and whole vectors pass through every layer. Legend: B batch, S the batch rounded up, I
/// pixels, F features, K classes.
/// </summary>
internal sealed unsafe class ExplicitEngine : Engine
{
    /// <summary>
    /// The number of floats of a layer that pass through a run of layers together. They take 256 KB, of which some stay in the second-level
    /// cache.
    /// </summary>
    private const int Together = 64 * 1024;

    private readonly MatrixProduct _product = new();
    private readonly WeightBuffer _gradients;
    private readonly FeatureBuffer _gradient_KS;
    private readonly ExplicitLayer[] _layers;
    private readonly bool _images;
    private readonly int _pixels, _classes;
    private float[] _logits_BK = [];
    private Matrix _images_IB;
    private SampleBatch _batch;

    public ExplicitEngine(Network network, Weights weights, long seed, int replicate)
    {
        (_pixels, _classes, _images) = (network.Height * network.Width, network.Classes, network.Layers[0] is Convolution);
        _gradients = new WeightBuffer(weights.TrainableLength);
        _gradient_KS = new FeatureBuffer(_classes);
        var places = weights.Tensors.ToDictionary(
            t => t.Shape.Name, t => new WeightPlace(weights.Data(t), t.Shape.IsTrainable ? _gradients.Data + t.Offset : null));
        var layers = new List<ExplicitLayer>();
        ImmutableArray<int> input = [1, network.Height, network.Width];
        foreach (var layer in network.Layers)
        {
            if (layer is not Flatten) layers.Add(Of(layer));
            input = layer.Output;
        }
        _layers = [.. layers];

        ExplicitLayer Of(Layer layer)
        {
            bool isFirst = layers.Count == 0;
            int channels = layer.Output[0], area = layer.Output.Length == 3 ? layer.Output[1] * layer.Output[2] : 1;
            WeightPlace Place(string tensor) => places[$"{layer.Name}.{tensor}"];
            return layer switch
            {
                Convolution c => new ConvolutionLayer(_product, c, Place("weight"), Place("bias"), isFirst),
                Linear l => new LinearLayer(_product, Place("weight"), Place("bias"), l.Input, channels, isFirst),
                Nonlinearity n => new ActivationLayer(n.Activation, layers[^1], channels, area),
                Normalization n => new NormalizationLayer(
                    n.Settings, Place("weight"), Place("bias"), Place("running_mean"), Place("running_var"), channels, area),
                Dropout d => new DropoutLayer(new DropoutMask(seed, replicate, d.Name, d.Rate), channels, area),
                MaxPooling => new PoolingLayer(channels, input[1], input[2]),
                _ => throw new InvalidOperationException($"No written-out derivative of {layer.GetType().Name}."),
            };
        }
    }

    public override ReadOnlySpan<float> Train(BatchInput x, long update) => Forward(x, SampleBatch.Of(x.Count, _images, update));

    public override ReadOnlySpan<float> Evaluate(BatchInput x) => Forward(x, SampleBatch.Of(x.Count, _images, null));

    public override void Update(ReadOnlySpan<float> gradient_BK, Optimizer optimizer)
    {
        _gradient_KS.Reserve(_batch.Step);
        float* gradient = _gradient_KS.Data;
        for (int k = 0; k < _classes; k++)
        {
            for (int b = 0; b < _batch.Step; b++) gradient[(k * _batch.Step) + b] = b < _batch.Count ? gradient_BK[(b * _classes) + k] : 0;
        }
        for (int end = _layers.Length; end > 0;)
        {
            int start = RunBefore(end);
            if (_layers[start] is MixingLayer mixing) gradient = mixing.Backward(Input(start), gradient, _batch);
            else gradient = Backward(start, end, gradient);
            end = start;
        }
        optimizer.Step(_gradients);
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _gradient_KS.Dispose();
        _gradients.Dispose();
        _product.Dispose();
    }

    private ReadOnlySpan<float> Forward(BatchInput x, SampleBatch batch)
    {
        _batch = batch;
        _images_IB = new Matrix(x.Pixels, 1, _pixels);
        foreach (var layer in _layers) layer.Reserve(batch);
        for (int start = 0, end; start < _layers.Length; start = end)
        {
            end = RunAfter(start);
            if (_layers[start] is MixingLayer mixing) mixing.Forward(Input(start), batch);
            else Forward(start, end);
        }

        if (_logits_BK.Length < batch.Count * _classes) _logits_BK = new float[batch.Count * _classes];
        float* logits_KS = _layers[^1].Output;
        for (int b = 0; b < batch.Count; b++)
        {
            for (int k = 0; k < _classes; k++) _logits_BK[(b * _classes) + k] = logits_KS[(k * batch.Step) + b];
        }
        return _logits_BK.AsSpan(0, batch.Count * _classes);
    }

    /// <summary>Passes some channels through all layers of a run, and then the next ones.</summary>
    private void Forward(int start, int end)
    {
        foreach (var part in Parts(start))
        {
            for (int i = start; i < end; i++) ((ChannelLayer)_layers[i]).Forward(Input(i).Data, _batch, part);
        }
    }

    private float* Backward(int start, int end, float* gradient)
    {
        float* result = null;
        foreach (var part in Parts(start))
        {
            result = gradient;
            for (int i = end - 1; i >= start; i--) result = ((ChannelLayer)_layers[i]).Backward(Input(i).Data, result, _batch, part);
        }
        return result;
    }

    /// <summary>Returns the end of a run: one layer that mixes channels, or all that follow one another and do not.</summary>
    private int RunAfter(int start)
    {
        int end = start + 1;
        if (_layers[start] is ChannelLayer) while (end < _layers.Length && _layers[end] is ChannelLayer) end++;
        return end;
    }

    private int RunBefore(int end)
    {
        int start = end - 1;
        if (_layers[start] is ChannelLayer) while (start > 0 && _layers[start - 1] is ChannelLayer) start--;
        return start;
    }

    /// <summary>Cuts a layer's channels into parts. A sample alone is not cut, because its vectors reach over the rows.</summary>
    private IEnumerable<Channels> Parts(int start)
    {
        var layer = (ChannelLayer)_layers[start];
        int channels = layer.Count,
            together = _batch.Step == 1 ? channels : (int)Math.Clamp(Together / ((long)layer.Area * _batch.Step), 1, channels);
        for (int first = 0; first < channels; first += together) yield return new(first, Math.Min(together, channels - first));
    }

    private Matrix Input(int layer) => layer == 0 ? _images_IB : new(_layers[layer - 1].Output, _batch.Step, 1);
}
