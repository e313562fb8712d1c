using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Models;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Tests.Unit.Training;

/// <summary>
/// Computes the first update of a recipe's network in plain torch: autograd, double, row by row in memory. It is made within a dispose
/// scope.
/// </summary>
internal sealed class ReferenceNetwork(ClassifierRecipe recipe, TrainingState start)
{
    private readonly Network _network = Computing.NetworkOf(recipe);

    private readonly Dictionary<string, Tensor> _tensors = Safetensors.Read(start.Weights).Tensors.ToDictionary(
        t => t.Name, t => torch.tensor([.. t.Values.Select(v => (double)v)], [.. t.Dimensions.Select(d => (long)d)],
            requires_grad: !t.Name.Contains("running")));

    /// <summary>Returns the mean loss of one batch in training mode. The gradients stay.</summary>
    public double Backward(ImageSplit images, int[] order)
    {
        int area = _network.Height * _network.Width;
        var h = torch.tensor([.. order.SelectMany(i => images.Pixels.AsSpan(i * area, area).ToArray()).Select(v => (double)v)],
            [order.Length, 1, _network.Height, _network.Width]);
        foreach (var layer in _network.Layers) h = Forward(layer, h);
        var loss = F.cross_entropy(h, torch.tensor([.. order.Select(i => (long)images.Labels[i])]));
        loss.backward();
        return loss.item<double>();
    }

    /// <summary>Returns a tensor after one step of plain gradient descent.</summary>
    public double[] AfterUpdate(string name, double rate)
    {
        var tensor = _tensors[name];
        return [.. (tensor.requires_grad ? tensor.detach() - (tensor.grad! * rate) : tensor).data<double>()];
    }

    private Tensor Forward(Layer layer, Tensor h) => layer switch
    {
        Convolution => F.conv2d(h, Of(layer, "weight"), Of(layer, "bias"), padding: [1, 1]),
        Linear => F.linear(h, Of(layer, "weight"), Of(layer, "bias")),
        Normalization n => F.batch_norm(h, Of(n, "running_mean"), Of(n, "running_var"), Of(n, "weight"), Of(n, "bias"), training: true,
            n.Settings.Momentum, n.Settings.Epsilon),
        MaxPooling => F.max_pool2d(h, 2),
        Flatten => h.flatten(1),
        Dropout d => h * Mask(d, (int)h.shape[0]),
        Nonlinearity { Activation: var a } => a.Kind switch
        {
            ActivationKind.Relu => F.relu(h),
            ActivationKind.LeakyRelu => F.leaky_relu(h, a.Slope!.Value),
            ActivationKind.Tanh => h.tanh(),
            ActivationKind.Sigmoid => h.sigmoid(),
            _ => F.elu(h, 1.0),
        },
        _ => throw new InvalidOperationException($"No reference of {layer.GetType().Name}."),
    };

    private Tensor Of(Layer layer, string tensor) => _tensors[$"{layer.Name}.{tensor}"];

    private Tensor Mask(Dropout dropout, int samples)
    {
        float[] values = new float[samples * dropout.Output.Aggregate(1, (n, d) => n * d)];
        new DropoutMask(recipe.Seed, recipe.Replicate, dropout.Name, dropout.Rate).Fill(values, samples, 0);
        double[] kept = [.. values.Select(v => v > 0 ? 1 / (1 - dropout.Rate) : 0)];
        return dropout.Output is [var c, var height, var width]
            ? torch.tensor(kept, [samples, height, width, c]).permute(0, 3, 1, 2)
            : torch.tensor(kept, [samples, dropout.Output[0]]);
    }
}
