using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using TorchSharp;
using static Tests.Unit.Training.Computing;

namespace Tests.Unit.Training;

/// <summary>Compares the written-out derivatives with autograd, and with the loss itself.</summary>
public sealed class ExplicitPathTests
{
    private const double Tolerance = 1e-5;

    /// <summary>The rate is so large that the weights after one update are the gradient, but for their rounding.</summary>
    private static readonly Sgd Huge = new() { LearningRate = 1e4, Decay = null, WeightDecay = null, Momentum = null };

    /// <summary>The batches have several vectors, a part of one, or one sample.</summary>
    [Theory]
    [InlineData(ActivationKind.Relu, false, 70)]
    [InlineData(ActivationKind.LeakyRelu, true, 64)]
    [InlineData(ActivationKind.Tanh, true, 33)]
    [InlineData(ActivationKind.Sigmoid, false, 17)]
    [InlineData(ActivationKind.Elu, true, 130)]
    [InlineData(ActivationKind.Elu, false, 1)]
    [InlineData(ActivationKind.Relu, true, 12)]
    public void GradientsAndStatisticsAreAutogradsInDouble(ActivationKind kind, bool norm, int samples) =>
        FirstUpdateIsAutogradsInDouble(Dense with { Hidden = [75, 33], Activation = Of(kind) }, norm,
            Stripes(train: samples, validation: 19, size: 20, classes: 5));

    /// <summary>The images are odd and even, and the channels lie above and below a vector.</summary>
    [Theory]
    [InlineData(ActivationKind.Relu, true, 64, 16)]
    [InlineData(ActivationKind.Relu, true, 70, 15)]
    [InlineData(ActivationKind.LeakyRelu, true, 33, 20)]
    [InlineData(ActivationKind.Tanh, false, 17, 13)]
    [InlineData(ActivationKind.Sigmoid, true, 16, 9)]
    [InlineData(ActivationKind.Elu, true, 130, 12)]
    [InlineData(ActivationKind.Elu, false, 1, 14)]
    public void GradientsAndStatisticsOfConvolutionsAreAutogradsInDouble(ActivationKind kind, bool norm, int samples, int size) =>
        FirstUpdateIsAutogradsInDouble(Cnn with { Filters = [20, 35, 18], Activation = Of(kind) }, norm,
            Stripes(train: samples, validation: 19, size: size, classes: 4));

    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void SeveralEpochsStayTogether(string kind) => OnThread(() =>
    {
        var data = Stripes(train: 150, validation: 60);
        ModelSpec model = kind == "dense" ? Dense : Cnn with { BatchNorm = null };
        var recipe = Recipe(model, data, batch: 32,
            optimizer: new Sgd { LearningRate = 0.05, Decay = 1e-3, WeightDecay = 1e-4, Momentum = 0.9 });
        var ours = Train(recipe, data, 3);
        var autograd = Train(recipe with { NumericPath = NumericPath.General(recipe.Configuration) }, data, 3);
        AreNear(autograd.State, ours.State, 1e-4);
        Assert.Equal(autograd.Measurements[^1].Validation.Loss, ours.Measurements[^1].Validation.Loss, 1e-4);
    });

    /// <summary>
    /// Compares the gradient with central differences of the loss, which is summed in double: (L(w + εg) − L(w − εg)) / 2ε = ‖g‖².
    /// </summary>
    [Theory]
    [InlineData(ActivationKind.Tanh, true)]
    [InlineData(ActivationKind.Elu, false)]
    [InlineData(ActivationKind.Sigmoid, true)]
    public void TheLossRisesAlongTheGradientAsItSays(ActivationKind kind, bool norm) => OnThread(() =>
    {
        var data = Stripes(train: 48, validation: 0, test: 0);
        var model = Dense with { Activation = new(kind), BatchNorm = norm ? new(1e-5, 0.1) : null, L2 = null };
        var still = Recipe(model, data, batch: null, optimizer: Huge with { LearningRate = 1e-30 });
        var start = Start(still);
        var before = Safetensors.Read(start.Weights).Tensors.ToDictionary(t => t.Name);
        var after = Safetensors.Read(Train(still with { Configuration = still.Configuration with { Optimizer = Huge } }, data, 1,
            start).State.Weights).Tensors;
        var gradient = after.Where(t => !t.Name.Contains("running")).ToDictionary(
            t => t.Name, t => t.Values.Zip(before[t.Name].Values, (a, b) => (b - a) / Huge.LearningRate).ToArray());
        double square = gradient.Values.Sum(g => g.Sum(v => v * v)), epsilon = 3e-3 / Math.Sqrt(square);

        double slope = (LossAt(epsilon) - LossAt(-epsilon)) / (2 * epsilon);
        Assert.Equal(1, slope / square, 2e-3);

        double LossAt(double along)
        {
            var moved = before.Values.Select(t => gradient.TryGetValue(t.Name, out double[]? g)
                ? t with { Values = [.. t.Values.Zip(g, (w, d) => (float)(w + (along * d)))] }
                : t);
            return Train(still, data, 1, start with { Weights = Safetensors.Write(moved) }).Measurements[0].Train.Loss;
        }
    });

    /// <summary>
    /// torch's own float32 is no measure. Its batch normalization of images loses more than this tolerance, and on some processors its
    /// dense layers come near it.
    /// </summary>
    private static void FirstUpdateIsAutogradsInDouble(ModelSpec model, bool norm, Dataset data) => OnThread(() =>
    {
        var recipe = Recipe(model with
        {
            BatchNorm = norm ? new(1e-5, 0.1) : null,
            Dropout = 0.3,
            L2 = null,
        }, data, batch: null, optimizer: Huge);
        Assert.StartsWith("classifier/explicit/", recipe.NumericPath, StringComparison.Ordinal);
        var ours = Train(recipe, data, 1);

        using var scope = torch.NewDisposeScope();
        var reference = new ReferenceNetwork(recipe, Start(recipe));
        var order = KeyedStream.Of(recipe.Seed, recipe.Replicate, "shuffle", step: 1).Permutation(data.Train.Count);
        Assert.Equal(reference.Backward(data.Train, order), ours.Measurements[0].Train.Loss, 1e-5);
        foreach (var tensor in Safetensors.Read(ours.State.Weights).Tensors)
        {
            double[] expected = reference.AfterUpdate(tensor.Name, Huge.LearningRate);
            double distance = Norm(tensor.Values.Zip(expected, (a, b) => a - b)), length = Norm(expected);
            Assert.True(distance <= Tolerance * Math.Max(length, 1), $"{tensor.Name}: {distance} of {length}");
        }
    });

    private static Activation Of(ActivationKind kind) => new(kind, kind == ActivationKind.LeakyRelu ? 0.2 : null);

    private static void AreNear(TrainingState expected, TrainingState actual, double tolerance)
    {
        var theirs = Safetensors.Read(expected.Weights).Tensors.ToDictionary(t => t.Name);
        foreach (var tensor in Safetensors.Read(actual.Weights).Tensors)
        {
            double distance = Norm(tensor.Values.Zip(theirs[tensor.Name].Values, (a, b) => (double)a - b)),
                norm = Norm(theirs[tensor.Name].Values.Select(v => (double)v));
            // A bias before a batch normalization has no gradient but rounding.
            Assert.True(distance <= tolerance * Math.Max(norm, 1), $"{tensor.Name}: {distance} of {norm}");
        }
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
