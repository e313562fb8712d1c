using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training.Checkpoints;
using Grains.Training.Models;
using Grains.Training.Optimizers;
using TorchSharp;
using static Tests.Unit.Training.Computing;
using AdamW = Grains.Interfaces.Model.AdamW;
using Parameter = TorchSharp.Modules.Parameter;

namespace Tests.Unit.Training;

public sealed class OptimizerTests
{
    private const double Tolerance = 1e-6;
    private static readonly Network Small = Network.Of(Dense with { L2 = null }, 12, 12, 3);

    public static TheoryData<string> Kinds => ["adam", "adam+decay", "adamw", "sgd", "sgd+momentum", "sgd+decay"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WeightsFollowTorchOverAHundredRecordedGradients(string kind) => OnThread(() =>
    {
        var start = Safetensors.Read(InitialCheckpoint.Draw(Small, Initializer.HeNormal, 1, 1)).Tensors;
        using var weights = new Weights(Small, start);
        using var ours = Optimizer.Of(Spec(kind), weights, 0);
        var theirs = weights.Trainable.ToDictionary(
            t => t.Shape.Name, t => new Parameter(t.View.detach().clone()));
        using var torchs = Torchs(kind, theirs.Values);

        for (int step = 0; step < 100; step++)
        {
            using var scope = torch.NewDisposeScope();
            foreach (var tensor in weights.Trainable)
            {
                var stream = KeyedStream.Of(3, 1, "gradient", tensor.Shape.Name, step);
                // The values are of very unequal sizes, and some are exactly zero.
                float[] values = [.. Enumerable.Range(0, (int)tensor.Shape.Count)
                    .Select(i => i % 7 == 0 ? 0f : (float)(stream.NextNormal() * Math.Pow(10, -(i % 5))))];
                long[] sizes = [.. tensor.Shape.Dimensions.Select(d => (long)d)];
                tensor.View.grad = torch.tensor(values, sizes);
                theirs[tensor.Shape.Name].grad = torch.tensor(values, sizes);
            }
            ours.Step();
            torchs.step();
        }

        foreach (var tensor in weights.Trainable)
        {
            using var scope = torch.NewDisposeScope();
            var theirs_P = theirs[tensor.Shape.Name];
            double distance = ((tensor.View.detach() - theirs_P).norm() / theirs_P.norm()).item<float>();
            Assert.True(distance <= Tolerance, $"{tensor.Shape.Name}: {distance}");
            Assert.Null(tensor.View.grad);
        }
    });

    [Fact]
    public void TheRateFallsWithDecayAndThePenaltyPulls() => OnThread(() =>
    {
        var network = Network.Of(Dense with { L2 = 0.5, Hidden = [], Activation = null, BatchNorm = null, Dropout = null }, 2, 2, 2);
        using var weights = new Weights(network, [new("output.weight", [2, 4], [1, 1, 1, 1, 1, 1, 1, 1]), new("output.bias", [2], [1, 1])]);
        using var sgd = Optimizer.Of(new Sgd { LearningRate = 0.1, Decay = 1.0, WeightDecay = null, Momentum = null }, weights, 0.5);
        for (int step = 0; step < 2; step++)
        {
            foreach (var tensor in weights.Trainable) tensor.View.grad = torch.zeros_like(tensor.View);
            sgd.Step();
        }
        // w ← w − lr/(1+t)·2λw: 1 → 0.9 → 0.9·0.95; the bias is not penalized.
        Assert.Equal(0.855f, weights.Memory(weights.Tensors[0])[0], 1e-6f);
        Assert.Equal(1f, weights.Memory(weights.Tensors[1])[0]);
        Assert.Equal(8 * 0.855 * 0.855, weights.PenalizedSquares(), 1e-5);
    });

    [Fact]
    public void AnotherOptimizersStateIsRefused() => OnThread(() =>
    {
        using var weights = new Weights(Small, Safetensors.Read(InitialCheckpoint.Draw(Small, Initializer.HeNormal, 1, 1)).Tensors);
        using var sgd = Optimizer.Of(Spec("sgd"), weights, 0);
        using var adam = Optimizer.Of(Spec("adam"), weights, 0);
        Assert.Throws<SpecException>(() => adam.Load(sgd.Save()));
    });

    private static OptimizerSpec Spec(string kind) => kind switch
    {
        "adam" => PlainAdam,
        "adam+decay" => PlainAdam with { WeightDecay = 0.01 },
        "adamw" => new AdamW { LearningRate = 1e-3, Decay = null, WeightDecay = 0.05, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 },
        "sgd" => new Sgd { LearningRate = 1e-2, Decay = null, WeightDecay = null, Momentum = null },
        "sgd+momentum" => new Sgd { LearningRate = 1e-2, Decay = null, WeightDecay = null, Momentum = 0.9 },
        _ => new Sgd { LearningRate = 1e-2, Decay = null, WeightDecay = 0.01, Momentum = 0.9 },
    };

    private static torch.optim.Optimizer Torchs(string kind, IEnumerable<Parameter> parameters) => kind switch
    {
        "adam" => torch.optim.Adam(parameters, 1e-3),
        "adam+decay" => torch.optim.Adam(parameters, 1e-3, weight_decay: 0.01),
        "adamw" => torch.optim.AdamW(parameters, 1e-3, weight_decay: 0.05),
        "sgd" => torch.optim.SGD(parameters, 1e-2),
        "sgd+momentum" => torch.optim.SGD(parameters, 1e-2, momentum: 0.9),
        _ => torch.optim.SGD(parameters, 1e-2, momentum: 0.9, weight_decay: 0.01),
    };
}
