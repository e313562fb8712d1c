using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using Grains.Training.Checkpoints;
using TorchSharp;
using static Tests.Unit.Training.Computing;
using F = TorchSharp.torch.nn.functional;

namespace Tests.Unit.Training;

/// <summary>
/// Compares one epoch of the loop with plain torch code, row by row in memory. Layouts, in-place steps and the own loss must not show.
/// </summary>
public sealed class ForwardTests
{
    [Fact]
    public void OneUpdateOfACnnIsTorchs() => OnThread(() =>
    {
        var data = Stripes(train: 20, validation: 0, test: 0);
        var model = Cnn with { Dropout = null, L2 = null };
        var recipe = Recipe(model, data, batch: null,
            optimizer: new Sgd { LearningRate = 0.1, Decay = null, WeightDecay = null, Momentum = null });
        var start = Start(recipe);
        var (measurements, end) = Train(recipe, data, 1, start);

        using var scope = torch.NewDisposeScope();
        var w = Safetensors.Read(start.Weights).Tensors.ToDictionary(
            t => t.Name, t => torch.tensor(t.Values, [.. t.Dimensions.Select(d => (long)d)], requires_grad: !t.Name.Contains("running")));
        var h = torch.tensor(data.Train.Pixels, [20, 1, 12, 12]);
        for (int i = 1; i <= 3; i++)
        {
            h = F.relu(F.conv2d(h, w[$"conv{i}.weight"], w[$"conv{i}.bias"], padding: [1, 1]));
            h = F.batch_norm(h, w[$"norm{i}.running_mean"], w[$"norm{i}.running_var"], w[$"norm{i}.weight"],
                w[$"norm{i}.bias"], training: true);
            if (i != 2) h = F.max_pool2d(h, 2);
        }
        h = h.flatten(1);
        h = F.elu(F.linear(h, w["dense1.weight"], w["dense1.bias"]), 1.0);
        h = F.elu(F.linear(h, w["dense2.weight"], w["dense2.bias"]), 1.0);
        var loss = F.cross_entropy(F.linear(h, w["output.weight"], w["output.bias"]),
            torch.tensor([.. data.Train.Labels.Select(l => (long)l)]));
        loss.backward();

        Assert.Equal(loss.item<float>(), measurements[0].Train.Loss, 1e-5);
        foreach (var tensor in Safetensors.Read(end.Weights).Tensors)
        {
            var expected = tensor.Name.Contains("running") ? w[tensor.Name] : w[tensor.Name].detach() - (w[tensor.Name].grad! * 0.1f);
            var actual = torch.tensor(tensor.Values, [.. tensor.Dimensions.Select(d => (long)d)]);
            double distance = (actual - expected).norm().item<float>() / Math.Max(1e-2, expected.norm().item<float>());
            Assert.True(distance < 1e-4, $"{tensor.Name}: {distance}");
        }
    });

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.LeakyRelu)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(ActivationKind.Sigmoid)]
    [InlineData(ActivationKind.Elu)]
    public void EveryActivationTrains(ActivationKind kind) => OnThread(() =>
    {
        var data = Stripes(train: 120);
        var model = Dense with { Activation = new(kind, kind == ActivationKind.LeakyRelu ? 0.3 : null), Dropout = null };
        var measured = Train(Recipe(model, data, optimizer: PlainAdam with { LearningRate = 1e-2 }), data, 6).Measurements;
        Assert.True(measured[^1].Train.Loss < measured[0].Train.Loss);
    });
}
