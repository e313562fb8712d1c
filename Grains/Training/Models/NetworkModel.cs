using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using F = TorchSharp.torch.nn.functional;
using ScalarType = TorchSharp.torch.ScalarType;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Models;

/// <summary>Applies a network's layers to a batch. Legend: B batch, C channels, H W pixels, K classes.</summary>
internal sealed class NetworkModel : IDisposable
{
    private readonly Network _network;
    private readonly Weights _weights;
    private readonly Precision _precision;
    private readonly Dictionary<Dropout, (DropoutMask Mask, BatchTensor Tensor)> _dropouts;

    public NetworkModel(Network network, Weights weights, Precision precision, long seed, int replicate)
    {
        _precision = precision;
        _network = network;
        _weights = weights;
        _dropouts = network.Layers.OfType<Dropout>().ToDictionary(
            d => d, d => (new DropoutMask(seed, replicate, d.Name, d.Rate), new BatchTensor(d.Output)));
    }

    /// <summary>The shape of one image for the first layer: (1, H, W), or (H·W) where there are only dense layers.</summary>
    public static ImmutableArray<int> Sample(Network network) =>
        network.Layers[0] is Flatten ? [network.Height * network.Width] : [1, network.Height, network.Width];

    /// <summary>Returns the logits in training mode, with batch statistics and the dropout of one update.</summary>
    public Tensor Train(Tensor x, int count, long step) => Apply(x, (layer, h) => layer switch
    {
        Dropout d => Drop(h, d, count, step),
        Normalization n => Normalize(h, n, training: true),
        _ => Forward(h, layer),
    });

    /// <summary>Returns the logits in evaluation mode, with running statistics and no dropout.</summary>
    public Tensor Evaluate(Tensor x) => Apply(x, (layer, h) => layer switch
    {
        Dropout => h,
        Normalization n => Normalize(h, n, training: false),
        _ => Forward(h, layer),
    });

    public void Dispose()
    {
        foreach (var (_, tensor) in _dropouts.Values) tensor.Dispose();
    }

    // Each handle is let go as soon as the next layer has read it. Autograd holds what the backward pass needs.
    private Tensor Apply(Tensor x, Func<Layer, Tensor, Tensor> forward)
    {
        using var autocast = new Autocast(_precision);
        var h = x;
        foreach (var layer in _network.Layers)
        {
            var next = forward(layer, h);
            if (!ReferenceEquals(next, h) && !ReferenceEquals(h, x)) h.Dispose();
            h = next;
        }
        return h.dtype == ScalarType.Float32 ? h : h.to_type(ScalarType.Float32);
    }

    private Tensor Forward(Tensor h, Layer layer) => layer switch
    {
        Convolution c => F.conv2d(h, _weights[$"{c.Name}.weight"], _weights[$"{c.Name}.bias"], padding: [1, 1]),
        Linear l => F.linear(h, _weights[$"{l.Name}.weight"], _weights[$"{l.Name}.bias"]),
        Nonlinearity n => Activate(h, n.Activation),
        MaxPooling => F.max_pool2d(h, 2),
        Flatten => h.dim() == 2 ? h : h.flatten(1),
        _ => throw new InvalidOperationException($"No forward pass for {layer.GetType().Name}."),
    };

    // It works in place. Nobody else needs the output of a convolution or linear layer, and the derivative is taken from the result.
    private static Tensor Activate(Tensor h, Activation activation) => activation.Kind switch
    {
        ActivationKind.Relu => F.relu(h, inplace: true),
        ActivationKind.LeakyRelu => F.leaky_relu(h, activation.Slope!.Value, inplace: activation.Slope > 0),
        ActivationKind.Tanh => h.tanh_(),
        ActivationKind.Sigmoid => h.sigmoid_(),
        ActivationKind.Elu => F.elu(h, 1.0, inplace: true),
        _ => throw new InvalidOperationException($"No activation {activation.Kind}."),
    };

    private Tensor Normalize(Tensor h, Normalization n, bool training) => F.batch_norm(
        h, _weights[$"{n.Name}.running_mean"], _weights[$"{n.Name}.running_var"], _weights[$"{n.Name}.weight"], _weights[$"{n.Name}.bias"],
        training, n.Settings.Momentum, n.Settings.Epsilon);

    private Tensor Drop(Tensor h, Dropout dropout, int count, long step)
    {
        var (mask, tensor) = _dropouts[dropout];
        var mask_B = tensor.Of(count);
        mask.Fill(tensor.Values(count), count, step);
        // The factor has the input's own type. One in float32 would carry every layer behind it into float32.
        using var factor = h.dtype == ScalarType.Float32 ? mask_B.alias() : mask_B.to_type(h.dtype);
        return h * factor;
    }
}
