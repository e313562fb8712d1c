using Grains.Interfaces.Model.Networks;
using Grains.Training.Models;
using Grains.Training.Optimizers;

namespace Grains.Training.Dense;

/// <summary>
/// The dense family in float32 without autograd and without torch's operators. Inside, a row is a feature and the samples lie side by
/// side: then no product needs a transposed weight. Legend: B batch, S the batch rounded up, I pixels, F features, K classes.
/// </summary>
internal sealed unsafe class DenseEngine : Engine
{
    private readonly MatrixProduct _product = new();
    private readonly WeightBuffer _gradients;
    private readonly FeatureBuffer _gradient_KS;
    private readonly DenseLayer[] _layers;
    private readonly int _pixels, _classes;
    private float[] _logits_BK = [];
    private Matrix _images_IB;
    private DenseBatch _batch;

    public DenseEngine(Network network, Weights weights, long seed, int replicate)
    {
        (_pixels, _classes) = (network.Height * network.Width, network.Classes);
        _gradients = new WeightBuffer(weights.TrainableLength);
        _gradient_KS = new FeatureBuffer(_classes);
        var places = weights.Tensors.ToDictionary(t => t.Shape.Name, t => new WeightPlace(weights.Data(t), t.Shape.IsTrainable ? _gradients.Data + t.Offset : null));
        _layers = [.. network.Layers.Where(l => l is not Flatten).Select((layer, index) => Of(layer, isFirst: index == 0))];

        DenseLayer Of(Layer layer, bool isFirst) => layer switch
        {
            Linear l => new DenseLinear(_product, places[$"{l.Name}.weight"], places[$"{l.Name}.bias"], l.Input, l.Output[0], isFirst),
            Nonlinearity n => new DenseActivation(n.Activation, n.Output[0]),
            Normalization n => new DenseNormalization(n.Settings, places[$"{n.Name}.weight"], places[$"{n.Name}.bias"], places[$"{n.Name}.running_mean"], places[$"{n.Name}.running_var"], n.Output[0]),
            Dropout d => new DenseDropout(new DropoutMask(seed, replicate, d.Name, d.Rate), d.Output[0]),
            _ => throw new InvalidOperationException($"{layer.GetType().Name} is not of the dense family."),
        };
    }

    public override ReadOnlySpan<float> Train(BatchInput x, long update) => Forward(x, new DenseBatch(x.Count, update));

    public override ReadOnlySpan<float> Evaluate(BatchInput x) => Forward(x, new DenseBatch(x.Count, null));

    public override void Update(ReadOnlySpan<float> gradient_BK, Optimizer optimizer)
    {
        _gradient_KS.Reserve(_batch.Step);
        float* gradient = _gradient_KS.Data;
        for (int k = 0; k < _classes; k++)
        {
            for (int b = 0; b < _batch.Step; b++) gradient[(k * _batch.Step) + b] = b < _batch.Count ? gradient_BK[(b * _classes) + k] : 0;
        }
        for (int i = _layers.Length - 1; i >= 0; i--) gradient = _layers[i].Backward(Input(i), gradient, _batch);
        optimizer.Step(_gradients);
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _gradient_KS.Dispose();
        _gradients.Dispose();
        _product.Dispose();
    }

    private ReadOnlySpan<float> Forward(BatchInput x, DenseBatch batch)
    {
        _batch = batch;
        _images_IB = new Matrix(x.Pixels, 1, _pixels);
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Reserve(batch);
            _layers[i].Forward(Input(i), batch);
        }

        if (_logits_BK.Length < batch.Count * _classes) _logits_BK = new float[batch.Count * _classes];
        float* logits_KS = _layers[^1].Output(batch).Data;
        for (int b = 0; b < batch.Count; b++)
        {
            for (int k = 0; k < _classes; k++) _logits_BK[(b * _classes) + k] = logits_KS[(k * batch.Step) + b];
        }
        return _logits_BK.AsSpan(0, batch.Count * _classes);
    }

    private Matrix Input(int layer) => layer == 0 ? _images_IB : _layers[layer - 1].Output(_batch);
}
